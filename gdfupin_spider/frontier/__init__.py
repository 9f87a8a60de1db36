"""What a crawl fetches: scope, plan, recheck times, crawler traps."""
