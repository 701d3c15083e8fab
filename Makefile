# The front door. `make demo` and `make test` work as the very first command on a fresh Debian machine with Rust.

# dev or release; the binary of `make build` and `make demo`.
PROFILE ?= dev

# Everything is built with --workspace: one set of features, so nothing is built twice.
CARGO := cargo
FLAGS := --workspace --locked
BINARY := $(or $(CARGO_TARGET_DIR),target)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/testmesh

# Files that a command writes and we commit: what is committed must be what the command writes.
GENERATED := Cargo.lock

.DEFAULT_GOAL := help
.PHONY: help setup build demo test fuzz bench lint audit

help: ## show this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## install what building needs (every target below does this first)
	@scripts/setup

build: setup ## build the testmesh binary (PROFILE=release for an optimised one)
	$(CARGO) build $(FLAGS) --profile $(PROFILE) --bin testmesh

demo: build ## start the demo shop, run examples/ against it, stop it
	@scripts/demo $(BINARY)

test: setup ## run all tests
	$(CARGO) test $(FLAGS)

fuzz: setup ## feed every reader of texts with mutated ones, MINUTES=10 each (SEED=n for others)
	$(CARGO) build $(FLAGS) --bin testmesh-fuzz
	$(or $(CARGO_TARGET_DIR),target)/debug/testmesh-fuzz --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1)

# Where the table of `make bench` is put, between the marks of that page: WRITE=docs/benchmarks.md.
WRITE ?=

bench: ## measure the release build beside hurl (WRITE=docs/benchmarks.md puts the table there)
	@scripts/setup --bench
	$(CARGO) build $(FLAGS) --release --bin testmesh
	TESTMESH_BIN=$(abspath $(or $(CARGO_TARGET_DIR),target)/release/testmesh) \
		HURL_BIN=$(abspath .cache/bin/hurl) HURLFMT_BIN=$(abspath .cache/bin/hurlfmt) \
		$(CARGO) bench $(FLAGS) --profile dev --bench hurl -- $(if $(WRITE),--write $(WRITE))

lint: ## formatting, clippy, documentation, dependencies, generated files
	@scripts/setup --lint
	$(CARGO) fmt --all --check
	$(CARGO) clippy $(FLAGS) --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(FLAGS) --no-deps --document-private-items --quiet
	.cache/bin/cargo-deny --locked check --hide-inclusion-graph bans licenses sources
	@if [ -e .git ]; then git diff --exit-code -- $(GENERATED); fi

audit: ## check the dependencies against the public advisory database (needs the network)
	@scripts/setup --lint
	.cache/bin/cargo-deny --locked check advisories
