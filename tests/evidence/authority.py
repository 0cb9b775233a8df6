"""A time-stamp authority of our own: `openssl ts` behind a server on this machine."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

SETTINGS = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[stamps]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""

Answer = Callable[[bytes], tuple[int, bytes, dict[str, str]]]


def make_authority(folder: Path) -> Path:
    """Keys and certificates of an invented authority; returns its folder, with the root in ca.pem."""
    folder.mkdir()
    (folder / "settings").write_text(SETTINGS)
    (folder / "serial").write_text("01")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "settings")
    openssl(
        folder,
        "req",
        "-x509",
        *key,
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "2",
        "-subj",
        "/CN=Invented root",
        "-extensions",
        "ca",
    )
    openssl(folder, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Invented TSA")
    openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "tsa.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-out",
        "tsa.pem",
        "-extfile",
        "settings",
        "-extensions",
        "tsa",
    )
    return folder


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=True, timeout=30)  # noqa: S607


def sign(folder: Path, query: bytes) -> bytes:
    """The answer of the authority in `folder` to a request."""
    (folder / "query.tsq").write_bytes(query)
    openssl(
        folder,
        "ts",
        "-reply",
        "-config",
        "settings",
        "-section",
        "stamps",
        "-queryfile",
        "query.tsq",
        "-out",
        "answer.tsr",
    )
    return (folder / "answer.tsr").read_bytes()


@contextmanager
def served(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers each request with `answer(body)`: its address, and the bodies it got."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(body)
            status, content, headers = answer(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
