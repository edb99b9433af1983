"""The customer: the account, the people in it, how to recognise and reach them."""
