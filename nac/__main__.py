"""`python -m nac`."""

from nac.cli import main

main()
