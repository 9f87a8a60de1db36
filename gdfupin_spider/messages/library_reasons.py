"""Reasons that the system and libraries give in English whatever the language. They are here for the catalogue, where `recorded` finds them."""

from .text import N_

REASONS = (
    N_("Permission denied"), N_("Operation not permitted"), N_("No such file or directory"), N_("File exists"), N_("Is a directory"),
    N_("Not a directory"), N_("Directory not empty"), N_("File name too long"), N_("No space left on device"), N_("Disk quota exceeded"),
    N_("File too large"), N_("Read-only file system"), N_("Input/output error"), N_("Too many open files"), N_("Cannot allocate memory"),
    N_("Invalid cross-device link"), N_("Too many levels of symbolic links"), N_("Connection refused"), N_("Connection reset by peer"),
    N_("Connection timed out"), N_("Network is unreachable"), N_("No route to host"), N_("Name or service not known"), N_("Broken pipe"),
    N_("Temporary failure in name resolution"), N_("Address already in use"), N_("Cannot assign requested address"),
    # of Twisted
    N_("Connection was refused by other side"), N_("An error occurred while connecting"), N_("DNS lookup failed"),
    N_("Connection to the other side was lost in a non-clean fashion"), N_("Connection was closed cleanly"),
    N_("User timeout caused connection failure"), N_("TCP connection timed out"), N_("no results for hostname lookup"),
    # of Python's readers of JSON, TOML and gzip
    N_("not JSON"), N_("not TOML"),
    N_("line {line:d} column {column:d} (char {char:d})", line=0, column=0, char=0), N_("Expecting value"),
    N_("Expecting property name enclosed in double quotes"), N_("Expecting ',' delimiter"), N_("Expecting ':' delimiter"),
    N_("Extra data"), N_("Unterminated string starting at"), N_("Invalid control character at"),
    N_("{problem} (at line {line:d}, column {column:d})", problem="", line=0, column=0), N_("{problem} (at end of document)", problem=""),
    N_("Invalid value"), N_("Invalid statement"), N_("Invalid initial character for a key part"), N_("Unclosed array"),
    N_("Expected '=' after a key in a key/value pair"), N_("Expected newline or end of document after a statement"),
    N_("Expected ']' at the end of a table declaration"), N_("Cannot overwrite a value"), N_("Unterminated string"),
    N_("Illegal character {character}", character=""), N_("Cannot declare {key} twice", key=""),
    N_("Error {number} while decompressing data", number=0), N_("incorrect header check"), N_("incorrect data check"),
    N_("invalid distance too far back"), N_("invalid block type"), N_("invalid stored block lengths"), N_("invalid code lengths set"),
    N_("incomplete or truncated stream"),
    # of msgspec
    N_("Object missing required field {field} - at {place}", field="", place=""), N_("Object missing required field {field}", field=""),
    N_("Object contains unknown field {field} - at {place}", field="", place=""), N_("Object contains unknown field {field}", field=""),
    N_("Expected {expected}, got {got} - at {place}", expected="", got="", place=""), N_("Expected {expected}, got {got}", expected="", got=""),
    N_("Invalid enum value {value} - at {place}", value="", place=""), N_("Invalid enum value {value}", value=""),
    N_("Input data was truncated"), N_("JSON is malformed"),
)  # fmt: skip
