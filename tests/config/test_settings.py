import pytest

from config.settings import Settings


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000",
        "http://127.0.0.2:8000",
        "http://[::1]:8000",
        "http://192.168.1.20",
        "http://10.0.0.5:8000",
        "http://0.0.0.0:8000",
        "http://shop-server:8000",
        "http://printer.local",
    ],
)
def test_a_local_address_is_out_of_customers_reach(address):
    assert Settings(public_url=address).is_out_of_reach


@pytest.mark.parametrize("address", ["https://chat.example.com", "http://93.184.215.14:8000", "http://[2606:4700::1]"])
def test_a_public_address_is_within_reach(address):
    assert not Settings(public_url=address).is_out_of_reach
