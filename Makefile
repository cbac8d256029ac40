# Stagecraft: what one does here. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

LISTEN ?= 127.0.0.1:8080
DATA_DIR ?= .data/demo
DEMO ?= --demo
OWN_DIR ?= .data/own
TARGET := $(or $(CARGO_TARGET_DIR),target)
QUICK := $(TARGET)/quick/stagecraft
DEBUG := $(TARGET)/debug/stagecraft
RELEASE := $(TARGET)/release/stagecraft
STARTED := $(shell date +%s)

WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- Running ----

.PHONY: run
run: ## Build what changed and serve demo data at http://127.0.0.1:8080
	@scripts/ensure-compiler.sh
	@mkdir -p web/dist $(DATA_DIR)
	@$(MAKE) --no-print-directory -j2 web/dist/index.html quick
	@echo "Built in $$(( $$(date +%s) - $(STARTED) )) s."
	@exec $(QUICK) serve $(DEMO) --data-dir $(DATA_DIR) --listen $(LISTEN)

.PHONY: run-empty
run-empty: ## The same without demo data, for data of one's own, which stay in OWN_DIR
	@$(MAKE) --no-print-directory run DEMO= DATA_DIR=$(OWN_DIR)

.PHONY: dev
dev: web/node_modules/.installed ## Serve with the web app reloading as you edit it
	@scripts/ensure-compiler.sh
	@mkdir -p web/dist $(DATA_DIR)
	@cargo build --profile quick -p stagecraft
	@trap 'kill $$(jobs -p) 2>/dev/null || true' EXIT; \
	$(QUICK) serve --demo --data-dir $(DATA_DIR) --listen $(LISTEN) & \
	(cd web && npm run dev) & \
	wait -n

.PHONY: quick
quick:
	@mkdir -p web/dist
	cargo build --profile quick -p stagecraft

.PHONY: release
release: web/dist/index.html ## Build the binary that one installs
	cargo build --release -p stagecraft

web/node_modules/.installed: web/package-lock.json
	@scripts/ensure-compiler.sh
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

e2e/node_modules/.installed: e2e/package-lock.json
	@scripts/ensure-compiler.sh
	cd e2e && npm ci --no-audit --no-fund
	@touch $@

# ---- Checking ----

.PHONY: check
check: check-rust check-layers check-api check-web check-e2e check-audit ## Formatting, lints, types, layers, and generated files that went stale

.PHONY: check-rust
check-rust:
	@scripts/ensure-compiler.sh
	@mkdir -p web/dist
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings

# The core is synchronous and knows no HTTP: see docs/decisions.
.PHONY: check-layers
check-layers:
	@scripts/check-layers.sh

# The committed openapi.json is what the server says, and the web app's types are made from it.
.PHONY: check-api
check-api: web/node_modules/.installed
	@mkdir -p web/dist
	cargo build --quiet -p stagecraft
	@scripts/check-api.sh $(DEBUG)

.PHONY: api
api: web/node_modules/.installed ## Write openapi.json and the web app's types anew
	@mkdir -p web/dist
	cargo build --quiet -p stagecraft
	$(DEBUG) openapi > openapi.json
	cd web && npm run gen

.PHONY: check-web
check-web: web/node_modules/.installed
	cd web && npm run typecheck && npm run lint

.PHONY: check-e2e
check-e2e: e2e/node_modules/.installed
	cd e2e && npm run typecheck

# What the product is made of, without the network: licences, sources, two versions of one thing.
.PHONY: check-audit
check-audit: check-rust
	node scripts/audit.mjs

.PHONY: audit
audit: ## Look through all dependencies: licences, sources, what was withdrawn or has known faults, and how old they are
	node scripts/audit.mjs --network

# ---- Testing ----

.PHONY: test
test: check test-rust test-web test-e2e test-faults ## Everything: checks, unit tests on both databases, browser stories, faults

.PHONY: test-rust
test-rust: ## Rust tests on SQLite and PostgreSQL
	@scripts/ensure-compiler.sh
	@mkdir -p web/dist
	@if cargo nextest --version >/dev/null 2>&1; then \
		scripts/with-postgres.sh cargo nextest run --workspace --no-fail-fast; \
	else \
		scripts/with-postgres.sh cargo test --workspace --no-fail-fast --quiet; \
	fi

.PHONY: test-web
test-web: web/node_modules/.installed
	cd web && npm test

.PHONY: test-e2e
test-e2e: e2e/node_modules/.installed web/dist/index.html ## Stories in a real browser on the real binary
	@scripts/ensure-chromium.sh
	@scripts/ensure-curl.sh
	cargo build --quiet -p stagecraft
	cd e2e && STAGECRAFT_BINARY=$(abspath $(DEBUG)) npm test


.PHONY: test-traces
test-traces: ## Traces by OpenTelemetry, sent to a receiver; builds the server once more, with the feature
	@mkdir -p web/dist
	cargo clippy --quiet -p stagecraft --features otel --all-targets -- -D warnings
	cargo test --quiet -p stagecraft --features otel --test traces

.PHONY: test-reach
test-reach: e2e/node_modules/.installed web/dist/index.html ## Every screen, in both languages and longer words, at desktop and phone width, in light and dark colours
	@scripts/ensure-chromium.sh
	cargo build --quiet -p stagecraft
	cd e2e && REACH=all STAGECRAFT_BINARY=$(abspath $(DEBUG)) node --test --test-timeout=3600000 --test-reporter=spec stories/reach*.test.mjs

.PHONY: test-schema-briefly
test-schema-briefly: e2e/node_modules/.installed ## The same with one example of each call
	@mkdir -p web/dist
	cargo build --quiet -p stagecraft
	node scripts/test-schema.mjs --binary $(DEBUG) --examples 1

SCHEMA_EXAMPLES ?= 20

.PHONY: test-schema
test-schema: e2e/node_modules/.installed ## Ask every call of the API's description with what fits and what does not, SCHEMA_EXAMPLES=20 each
	@mkdir -p web/dist
	cargo build --quiet -p stagecraft
	node scripts/test-schema.mjs --binary $(DEBUG) --examples $(SCHEMA_EXAMPLES) --phases examples,fuzzing

.PHONY: test-faults
test-faults: e2e/node_modules/.installed
	@mkdir -p web/dist
	cargo build --quiet -p stagecraft
	scripts/with-postgres.sh node scripts/faults-kill9.mjs --binary $(DEBUG) --rounds 3
	scripts/with-postgres.sh node scripts/shape-under-load.mjs --binary $(DEBUG) --small --rate 40 --most 1000
	scripts/with-postgres.sh node scripts/faults-webhooks.mjs --binary $(DEBUG) --records 8 --edits 5 --away 6 --retries 10ms,50ms,200ms,1s,3s,6s,12s,24s,48s,72s
	scripts/with-postgres.sh node scripts/faults-notices.mjs --binary $(DEBUG) --notices 300
	scripts/with-postgres.sh node scripts/import-hostile.mjs --binary $(DEBUG)
	scripts/with-postgres.sh node scripts/import-at-scale.mjs --binary $(DEBUG) --rows 1000 --people 3
	scripts/with-postgres.sh node scripts/faults-database.mjs --binary $(DEBUG) --times 1 --away 1 --only failover,full-sqlite
	scripts/with-postgres.sh node scripts/faults-clocks.mjs --binary $(DEBUG) --rounds 1
	scripts/with-postgres.sh node scripts/faults-overtaken.mjs --binary $(DEBUG)
	node scripts/faults-clients.mjs --binary $(DEBUG) --only sqlite --slow 60 --streams 100 --people 4 --seconds 2
	node scripts/load-day.mjs --binary $(DEBUG) --only sqlite --demo --people 20 --seconds 8 --think 1500
	scripts/with-postgres.sh node scripts/move-database.mjs --binary $(DEBUG)

.PHONY: test-move
test-move: ## Back up under load, restore, move to PostgreSQL and back, killed in between
	@mkdir -p web/dist
	cargo build --quiet -p stagecraft
	scripts/with-postgres.sh node scripts/move-database.mjs --binary $(DEBUG)

FAULTS_NOTED := $(abspath $(TARGET))/faults.jsonl

.PHONY: faults
faults: release e2e/node_modules/.installed ## Kill the server under a load of writes, fill its disk, take its database away in six ways, set clocks apart, let clients dawdle and windows stand open, and more, on both databases; write docs/faults.md
	cargo build --quiet -p stagecraft
	@rm -f $(FAULTS_NOTED)
	STAGECRAFT_FAULTS=$(FAULTS_NOTED) scripts/with-postgres.sh node scripts/faults-kill9.mjs --binary $(RELEASE) --rounds 20
	STAGECRAFT_FAULTS=$(FAULTS_NOTED) scripts/with-postgres.sh node scripts/faults-database.mjs --binary $(RELEASE) --times 10
	STAGECRAFT_FAULTS=$(FAULTS_NOTED) scripts/with-postgres.sh node scripts/faults-clocks.mjs --binary $(RELEASE) --rounds 10
	STAGECRAFT_FAULTS=$(FAULTS_NOTED) scripts/with-postgres.sh node scripts/faults-overtaken.mjs --binary $(DEBUG) --times 10
	STAGECRAFT_FAULTS=$(FAULTS_NOTED) scripts/with-postgres.sh node scripts/faults-clients.mjs --binary $(RELEASE) --wait
	node scripts/faults-table.mjs $(FAULTS_NOTED)
	scripts/with-postgres.sh node scripts/faults-webhooks.mjs --binary $(DEBUG)
	scripts/with-postgres.sh node scripts/faults-notices.mjs --binary $(DEBUG) --notices 10000
	scripts/with-postgres.sh node scripts/import-at-scale.mjs --binary $(DEBUG) --rows 5000 --people 5 --kills 5
	HOLDING_CLAIMERS=64 HOLDING_ROUNDS=12 scripts/with-postgres.sh cargo test -p stagecraft-core --test rooms holding_at_once
	STAGECRAFT_TEST_ROUNDS=200 scripts/with-postgres.sh cargo test -p stagecraft-core --test rooms reckoning

.PHONY: bench-import
bench-import: release ## Import 100,000 opportunities on both databases while 20 people work; 5,000 rows a second are to be reached
	scripts/with-postgres.sh node scripts/import-at-scale.mjs --binary $(RELEASE) --rows 100000 --people 20 --kills 1 --goal 5000

.PHONY: load
load: release ## Add, fill, hide and drop fields under 100 requests a second, on 100,000 opportunities
	cargo build --release -p bench
	scripts/with-postgres.sh node scripts/shape-under-load.mjs --binary $(RELEASE) --bench $(TARGET)/release/bench

.PHONY: load-day
load-day: release ## Let 200 people work for ten minutes on 100,000 opportunities, on both databases, and write what each act cost them into docs/faults.md
	cargo build --release -p bench
	@rm -f $(FAULTS_NOTED).day
	STAGECRAFT_FAULTS=$(FAULTS_NOTED).day scripts/with-postgres.sh node scripts/load-day.mjs --binary $(RELEASE) --bench $(TARGET)/release/bench
	node scripts/faults-table.mjs $(FAULTS_NOTED).day

FUZZ ?= condition formula import sheet configuration cursor
FUZZ_SECONDS ?= 600

# The compiler's instrumentation is not stable yet, so a stable compiler has to be asked twice.
.PHONY: fuzz
fuzz: ## Throw what nobody would type at what reads strangers' bytes, FUZZ_SECONDS=600 each; FUZZ='import sheet' names some
	@scripts/ensure-compiler.sh
	@cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz
	@for what in $(FUZZ); do \
		mkdir -p fuzz/corpus/$$what; \
		RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none $$what fuzz/corpus/$$what fuzz/seeds/$$what -- \
			-dict=fuzz/$$what.dict -max_len=6000 -timeout=5 -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1; \
	done

.PHONY: screenshots
screenshots: e2e/node_modules/.installed web/dist/index.html ## Take the pictures of the guides
	@scripts/ensure-chromium.sh
	cargo build --quiet -p stagecraft
	cd e2e && STAGECRAFT_BINARY=$(abspath $(DEBUG)) npm run screenshots

.PHONY: bench
bench: release ## Measure, and print the table of docs/benchmarks.md
	cargo build --release -p bench
	scripts/with-postgres.sh $(TARGET)/release/bench

.PHONY: bench-names
bench-names: ## Count how many names of companies are recognised
	cargo build --release -p bench
	$(TARGET)/release/bench names

.PHONY: bench-scope
bench-scope: ## Measure what lists and boards cost whom, of a million deals
	cargo build --release -p bench
	scripts/with-postgres.sh $(TARGET)/release/bench scope

.PHONY: bench-analysis
bench-analysis: ## Measure what analyses cost whom, of a million deals
	cargo build --release -p bench
	scripts/with-postgres.sh $(TARGET)/release/bench analysis

.PHONY: bench-serving
bench-serving: release e2e/node_modules/.installed ## Measure what a server holds and how long Home takes in a browser, on 100,000 and a million deals
	@scripts/ensure-chromium.sh
	cargo build --release -p bench
	scripts/with-postgres.sh node scripts/serving.mjs --binary $(RELEASE) --bench $(TARGET)/release/bench --write

.PHONY: bench-growth
bench-growth: ## Measure how the cost of each act grows with records and with people, and draw it
	cargo build --release -p bench
	scripts/with-postgres.sh $(TARGET)/release/bench growth

.PHONY: clean
clean: ## Remove what was built and the demo data
	rm -rf target web/dist web/node_modules e2e/node_modules .data
