delete from peer_nonce where keep_until < $1::timestamptz
