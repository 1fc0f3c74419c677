"""Advisory locks of the gateway's database, all in one place so that no two mean the same number."""

# Held by the active projector for as long as it leads.
PROJECTOR = 0x636F_7572_7365_0001
# Held by a migration's transaction.
MIGRATION = 0x636F_7572_7365_0002
# Shared by each transaction that writes read tables, exclusive while another schema takes their place.
TABLES = 0x636F_7572_7365_0003
# Held by the one rebuild there may be.
REBUILD = 0x636F_7572_7365_0004
# Shared by each transaction that writes deliveries of webhooks, exclusive while those of a deleted course are removed.
DELIVERIES = 0x636F_7572_7365_0005
