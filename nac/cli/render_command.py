"""`nac render`"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nac.cli.common import Failed, output_option, parse_time, writing

if TYPE_CHECKING:
    from nac.templates import Context, Translations
