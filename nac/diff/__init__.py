"""Two sides of a project → what differs in what is sent, to whom, and in what they read, and how much it matters. Pure.

changed paths → `affected` triggers → a `side` each, samples compiled and rendered → `compare` → `changes`, sorted
"""
