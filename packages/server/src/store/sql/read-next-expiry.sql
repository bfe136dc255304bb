select min(expires_at) as expires_at from hold_open where expires_at > $1::timestamptz
