# Two commands do everything on a fresh machine: `make demo` and `make test`.
.PHONY: demo test lint format bench system clean

DEMO ?=
# What is to be tested, as `TEST="--filter FatigueTests"`; else everything.
# Tests that watch the clock run by themselves: those that only compute would keep both processors from them.
# Of those not too many at a time: each has a server or a program of its own, with files and connections.
WIDTH := 24
LIVE := ^(ServerTests|AttuneTests|DeliveryTests)\.

demo: system ## A simulated town of users, rules, filters, fatigue and deliveries, in under a minute
	@echo "building (release; the first time takes some minutes) ..."
	swift build -c release --product attune
	.build/release/attune demo $(DEMO)

test: system ## Everything that is tested
	swift build --build-tests
ifdef TEST
	swift test --skip-build $(TEST)
else
	swift test --skip-build --skip '$(LIVE)'
	@echo "... and those that start servers, programs and senders, and watch the clock"
	swift test --skip-build --filter '$(LIVE)' --experimental-maximum-parallelization-width $(WIDTH)
endif

lint: ## Style, without changing anything
	swift format lint --strict --recursive --parallel Package.swift Sources Snippets Tests

format: ## Style, put right
	swift format --in-place --recursive --parallel Package.swift Sources Snippets Tests

bench: system ## The figures of the README, on this machine
	swift build -c release --product attune
	swift build -c release --product attune-bench
	.build/release/attune bench engine
	.build/release/attune bench fatigue
	.build/release/attune bench fatigue --http
	.build/release/attune bench rules
	.build/release/attune bench rules --workload state

system: ## Debian packages this needs, installed if they are missing
	@scripts/system-packages

clean:
	rm -rf .build .build-*
