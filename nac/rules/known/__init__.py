"""What is known of a project's variables: the facts that the rules of flow and translations share.

triggers → worlds (`worlds`): the data, actor and people of each sample, and what is known without one
templates → uses (`uses`): every path that is read, with the kinds of value that suit it
uses in worlds → what is there and what is not (`flow`)
translation files → messages with their places, and who asks for them (`messages`)

A value here is JSON, `ANY` where nothing is known, or a `Typed` where only its kind is (`values`).
"""
