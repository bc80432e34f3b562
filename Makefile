SERVERS := localstack ceph versitygw minio
JOBS := $(shell nproc)
SERVE := tests/servers/serve.py
PREFIX := build/prefix

.DEFAULT_GOAL := help
.PHONY: help demo test bench server servers test-servers format format-check tidy asan asan-clang \
  tsan simulate mutants coverage fuzz prefix consumer docs-check install-deps clean

# Exit code 77 says that this machine lacks what a server needs; its tests then skip, by name.
install_servers = $(SERVE) install $(1) || [ $$? -eq 77 ]
build = cmake --preset $(1) && cmake --build --preset $(1) -j $(JOBS)
test = $(build) && ctest --preset $(1) -j $(JOBS) --no-tests=error $(2)
test_some = $(build) --target $(2) && ctest --preset $(1) -j $(JOBS) --no-tests=error $(3)
# Under GCC's sanitizers one fast and strict server stands for all, with the command's tests once; clang's
# look at the same code once more without any, and the thread sanitizer where threads meet.
sanitized := -E '(integration|differential)_(localstack|ceph|minio)|(tool|differential)_simulated'

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 15

demo: ## kill a job half-way, resume it from S3, compare its answer with an undisturbed run
	@scripts/install-deps build
	@$(SERVE) install localstack
	@mkdir -p build
	@echo "building (a few minutes the first time; build/demo.log has the details) ..."
	@cmake --preset release >build/demo.log && \
	  cmake --build --preset release -j $(JOBS) --target resumable_job >>build/demo.log || \
	  { cat build/demo.log; exit 1; }
	@$(SERVE) with localstack -- scripts/demo build/release/examples/resumable_job

test: ## build and run every test, against real S3 servers too
	@scripts/install-deps build servers
	@$(call install_servers,$(SERVERS))
	$(call test,debug)

bench: ## run the benchmarks beside their floors and their peers
	@scripts/install-deps build bench
	$(call build,bench)
	bench/bench.py
	bench/transfers.py

server: ## run an S3 server until Ctrl-C: make server NAME=minio (localstack ceph versitygw minio)
	@$(SERVE) run $(or $(NAME),$(error say which: make server NAME=minio))

test-servers: ## run only the tests that need a server, and require every server
	@scripts/install-deps build servers
	CAIRN_REQUIRE_SERVERS=1 $(SERVE) install $(SERVERS)
	$(call build,debug)
	CAIRN_REQUIRE_SERVERS=1 ctest --preset debug -j $(JOBS) -L server --no-tests=error

format: ## format the C++ code
	@scripts/format

format-check: ## fail if some C++ code is not formatted
	@scripts/format --check

tidy: ## run clang-tidy
	@scripts/install-deps build tools
	@scripts/tidy

asan: ## run the tests with GCC's address and undefined-behaviour sanitizers
	@scripts/install-deps build servers
	@$(call install_servers,$(SERVERS))
	$(call test,asan-ubsan,$(sanitized))

asan-clang: ## run the tests with clang's address and undefined-behaviour sanitizers
	@scripts/install-deps build tools
	$(call test_some,clang-asan-ubsan,unit_tests,-R '^(unit_|simulation|conformance)' -E unit_tool)

tsan: ## run the tests with GCC's thread sanitizer
	@scripts/install-deps build servers
	@$(call install_servers,$(SERVERS))
	$(call test_some,tsan,threaded_tests,-L threads)

simulate: ## run the checkpointer and transfers in many simulated worlds: make simulate SEEDS=100000
	@scripts/install-deps build
	cmake --preset debug && cmake --build --preset debug -j $(JOBS) --target simulation
	CAIRN_SEEDS=$(or $(SEEDS),10000) build/debug/tests/simulation --gtest_brief=1

mutants: ## plant known bugs one at a time, and fail unless a test catches each
	@scripts/install-deps build
	$(call build,debug)
	@scripts/mutants

coverage: ## run the tests and report which lines they reach, in build/coverage/report.html
	@scripts/install-deps build servers tools
	@$(call install_servers,$(SERVERS))
	$(call test,coverage)
	gcovr --root . --filter src/ --filter include/ --print-summary --txt build/coverage/report.txt \
	  --html-details build/coverage/report.html build/coverage

fuzz: ## fuzz every parser of untrusted input, a minute in all
	@scripts/install-deps build tools
	$(call build,clang-asan-ubsan) --target fuzz_targets
	@scripts/fuzz 60

prefix:
	@scripts/install-deps build
	$(call build,release)
	@cmake --install build/release --prefix $(PREFIX) >/dev/null

consumer: prefix ## build a program of somebody else's against the installed library
	cmake -S tests/consumer -B build/consumer -G Ninja -D CMAKE_PREFIX_PATH=$(abspath $(PREFIX))
	cmake --build build/consumer
	ctest --test-dir build/consumer --output-on-failure --no-tests=error

docs-check: prefix ## build and run the program in README.md
	@$(SERVE) install localstack
	@scripts/check-readme $(PREFIX)

install-deps: ## install the Debian packages for everything here
	@scripts/install-deps

clean: ## remove what was built, but not the servers
	rm -rf $(filter-out build/servers,$(wildcard build/*))
