"""The operator's settings of one archive, `operator.toml` in its output.

`operator_file` reads and checks the file, `effective` tells where each value comes from, `example` writes a commented file.
"""

from .operator_file import FILE, RENAMED, OperatorSettings, load

__all__ = ["FILE", "RENAMED", "OperatorSettings", "load"]
