"""Translations: what templates ask for against what the files hold, and the locales against each other."""
