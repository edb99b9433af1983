"""The save moment: a customer wants to leave, somebody listens, and it is written down."""
