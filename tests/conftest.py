"""`pytest --update` writes what was found into the case files, to be read as a difference before it is committed.

Every test starts from an environment that says nothing to nac: no colours forced, no credentials of whoever runs the
tests, and no `CI`, under which `nac test` refuses a sample without a snapshot. A test sets what it is about.
"""

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

SPEAKS_TO_NAC = ("SUPRSEND_", "NAC_", "GITHUB_", "GITLAB_", "OTEL_", "FORCE_COLOR", "NO_COLOR", "CLICOLOR", "COLUMNS")
WITHIN_CI = "TESTS_WITHIN_CI"  # what `CI` said: there, a missing browser is a failure and not a reason to skip

# Here and not in a fixture: modules and xdist's workers read the environment before any fixture runs.
if "CI" in os.environ:
    os.environ[WITHIN_CI] = os.environ.pop("CI")
for name in [name for name in os.environ if name.startswith(SPEAKS_TO_NAC)]:
    del os.environ[name]
# What one test found out is not to be another's answer, nor anybody's who runs the tests.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="nac-tests-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)


# A pull request is not to fail by the luck of another's change: the suite always tries the same examples, and
# `make soak` looks for new ones.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("TESTS_PROFILE", "suite"))

from secrets_watched import no_secrets_in_what_nac_says  # noqa: E402, F401 - a fixture for every test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what was found into the case files")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
