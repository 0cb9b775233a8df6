"""Fairstream (监播): supervision of live-stream commerce.

The library takes records and returns records; settings, clock and randomness are arguments.
Layers, from the ground up: records, text, law, rules and sources, detect, inspect, evaluate, cli.
"""

__version__ = "0.1.0"
