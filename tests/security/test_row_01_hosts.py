"""Row 1: the server answers to this machine's own names only, and listens there only."""

import socket

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "host", ["evil.com", "0.0.0.0", "0.0.0.0:8731", "127.0.0.1.evil.com", "localhost.evil.com:8731"]
)
def test_foreign_host_names_are_refused(client, host):
    assert client.get("/sign-in/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8731", "127.0.0.1:8731", "[::1]:8731"])
def test_own_names_pass(client, host):
    assert client.get("/sign-in/", headers={"Host": host}).status_code == 200


def test_it_listens_on_the_loopback_address_alone(server):
    with socket.socket() as outside:
        outside.settimeout(2)
        own = socket.gethostbyname(socket.gethostname())
        if own.startswith("127."):
            own = "127.0.0.2"
        with pytest.raises(ConnectionRefusedError):
            outside.connect((own, server.port))
