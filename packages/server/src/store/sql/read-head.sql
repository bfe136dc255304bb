select block, seq, hash, at, accounts, bank from head
