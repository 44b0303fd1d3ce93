"""What `{{ }}` and `{{{ }}}` do to a text: on every channel the former escapes for HTML, which only an email decodes.

texts of a template → `{{ … }}` with what they can print (printed) → a rule for each kind of text
"""
