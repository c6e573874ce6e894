-- Runs in each database before it is dumped: README.md has the rules.

-- Keys that the node made for change and for anonymous recipients: the rows
-- stay, the private keys go.
select count(lo_truncate(lo_open(private_key, x'60000'::int), 0))
  from node_our_key_pairs;

-- The content of attachments, which the archive has once for all databases.
select count(lo_truncate(lo_open(content, x'60000'::int), 0))
  from node_attachments;
