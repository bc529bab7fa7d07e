# SPDX-License-Identifier: EUPL-1.2
"""No test reaches beyond this machine: sockets connect to loopback and to files only."""

import socket
from typing import Any

import pytest

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class NetworkBlocked(RuntimeError):
    """A test tried to reach another machine."""


def _local(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    return text in {"localhost", "::1", "", "None", "0.0.0.0"} or text.startswith("127.")


def _guard(address: Any) -> None:
    if isinstance(address, tuple) and not _local(address[0]):
        raise NetworkBlocked(f"a test tried to connect to {address!r}; only loopback is allowed")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _guard(address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _guard(address)
    return _connect_ex(self, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    if not _local(host):
        raise NetworkBlocked(f"a test tried to look up the host {host!r}; only loopback is allowed")
    return _getaddrinfo(host, *args, **kwargs)


def pytest_configure(config: pytest.Config) -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign,assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = _guarded_getaddrinfo


def pytest_unconfigure(config: pytest.Config) -> None:
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = _getaddrinfo
