"""A believable workspace that nobody has to type: for the demo, for pictures and for `bench`.

One generator with a fixed seed. It writes by COPY, past the actions, because a hundred thousand
customers with a million events could not be made one by one; the tests hold it to the same
rules: payloads fit their kinds, constraints hold, sequences go on after the last id.
"""
