"""Tables are read anew for each file of tests, so that a change of what reads them is noticed."""

import sys

import pytest


@pytest.fixture(scope="module", autouse=True)
def _tables_read_anew() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("fairstream.checks."):
            for member in list(vars(module).values()):
                clear = getattr(member, "cache_clear", None)
                if clear is not None:
                    clear()
