"""Files and pictures in conversations: checked, scanned, encoded anew or kept as they are; gone with their message."""

from core.attachments.clearing import clear_files_without_rows, clear_unsent, delete_files, discard_unsent, ids_of
from core.attachments.sending import MOST_OF_A_MESSAGE, check_number, content_of, find, of_customer, send, take
from core.attachments.taking import MOST_BYTES, add, put_back
from core.attachments.telling import as_details, as_json, names_in, with_address

__all__ = [
    "MOST_BYTES",
    "MOST_OF_A_MESSAGE",
    "add",
    "as_details",
    "as_json",
    "check_number",
    "clear_files_without_rows",
    "clear_unsent",
    "content_of",
    "delete_files",
    "discard_unsent",
    "find",
    "ids_of",
    "names_in",
    "of_customer",
    "put_back",
    "send",
    "take",
    "with_address",
]
