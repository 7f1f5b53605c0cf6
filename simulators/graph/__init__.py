"""Microsoft Graph on the wire: users, groups, licenses, delta and change notifications.

Read it in this order: `routes` (what is offered) -> `responses` (wire to Python and back)
-> `directory`, `membership`, `licensing`, `delta` (state and rules) -> `errors`.
"""
