"""Lets `python -m lec10_tui` be `lec10`."""

from lec10_tui.cli import main

if __name__ == "__main__":
    main()
