"""What was found out before and need not be found out again: files by their content, results as JSON on disk.

files (what a project consists of) + environment (what else an answer depends on) → store → findings

An entry that is missing, damaged or of another version is as good as none. Nothing here decides whether an answer still
holds: that is `nac.cli.check_cache`.
"""
