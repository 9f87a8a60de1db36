"""`python -m gdfupin_spider`: the command line where the script `gdfupin` is not on the path."""

from .commands import main

if __name__ == "__main__":
    main(prog_name="gdfupin")
