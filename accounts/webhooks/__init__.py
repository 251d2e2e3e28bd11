"""Programs elsewhere are told what became of photos, by signed requests of the kind of standardwebhooks.com.

Other apps announce through `accounts.webhooks.outbox` and know nothing of how it is delivered.
"""
