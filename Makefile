# The development commands. A bare Debian or Ubuntu with git and make is enough.
.DEFAULT_GOAL := help
export T B LOG

.PHONY: help run stop reset update shell psql test lint spec replay bench

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

run: ## set everything up and serve the desk in Chinese (port 8069, or CS_PORT)
	@scripts/dev run

stop: ## stop the server, the mail catcher and the project's own PostgreSQL
	@scripts/dev stop

reset: ## throw the databases and logs away; the next run starts anew
	@scripts/dev reset

update: ## upgrade our addons in the running database
	@scripts/dev update

shell: ## Odoo's Python shell on the database
	@scripts/dev shell

psql: ## the database's own shell
	@scripts/dev psql

test: ## the whole proof; T=path::name runs one test
	@scripts/dev test "$$T"

lint: ## the gates alone
	@scripts/dev lint

spec: ## which requirements a test names, and which not
	@scripts/dev spec

replay: ## play a help desk's event log through tickets and clocks; LOG=file.csv
	@scripts/dev replay "$$LOG"

bench: ## the benchmarks; B=name runs one
	@scripts/dev bench "$$B"
