import pytest

from config.settings import Settings, SettingsError, read_settings


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


KEYS = ["a key of before that is long enough", "one of even earlier that is long enough"]


def test_keys_of_before_are_read_from_the_environment(tmp_path):
    environ = {"DATA_DIR": str(tmp_path), "SECRET_KEY_PREVIOUS": ", ".join(KEYS)}
    assert read_settings(environ).previous_secret_keys == tuple(KEYS)


def test_keys_of_before_are_read_from_the_kept_file_unless_the_environment_says_otherwise(tmp_path):
    (tmp_path / "secret_key_previous").write_text("\n".join(KEYS) + "\n")
    assert read_settings({"DATA_DIR": str(tmp_path)}).previous_secret_keys == tuple(KEYS)
    assert read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY_PREVIOUS": ""}).previous_secret_keys == ()


def test_a_short_key_of_before_is_refused_without_being_told(tmp_path):
    with pytest.raises(SettingsError) as refused:
        read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY_PREVIOUS": "short-one"})
    assert "SECRET_KEY_PREVIOUS" in str(refused.value)
    assert "short-one" not in str(refused.value)


def test_the_printed_settings_hold_no_key(tmp_path):
    settings = read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY_PREVIOUS": KEYS[0], "SECRET_KEY": KEYS[1]})
    assert KEYS[0] not in repr(settings)
    assert KEYS[1] not in repr(settings)
