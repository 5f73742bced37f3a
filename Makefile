# 本を組む、読む、試す。中身は Python にあり、ここはその呼び方だけです。
# 何もない計算機でも、make book と make test はそれだけで動きます (Python 3.11 から 3.13、make、git)。
PYTHON ?= python3
URL ?=
VERSION ?=
CHAPTER ?=

ifeq ($(OS),Windows_NT)
RUN := .venv/Scripts/python
else
RUN := .venv/bin/python
endif

.DEFAULT_GOAL := help
.PHONY: help setup book serve lab test test-colab lint format outputs repository measures bench kernels lock clean

help:
	@echo "make book        本を組む (初めは環境 .venv も用意する)"
	@echo "make serve       組んだ本をこの計算機のブラウザで読む"
	@echo "make lab         章を JupyterLab で開く"
	@echo "make test        CI が行う試験をすべて行う (CHAPTER=01 で、一つの章に属するものだけ)"
	@echo "make test-colab  どの章も Colab のバージョンで動かす (CHAPTER=01 で一つだけ。make test が動かすのは番の章と変わった章)"
	@echo "make lint        整形と静的な検査だけを行う"
	@echo "make format      コードの形を整える"
	@echo "make outputs     章を実行し、比べられる出力を章に保存する (CHAPTER=01 で一つだけ)"
	@echo "make repository  本の住所とバージョンを書き換える (URL=https://github.com/…、VERSION=枝かタグ を添える)"
	@echo "make measures    章の大きさ (字数、コード、図、演習、読む分) を表にする"
	@echo "make bench       ページの重さ、図が応えるまでの時間、日付と文章を書く時間、学習の速さの比、章ごとの秒数を測る"
	@echo "make kernels     学習の計算の核 (WebAssembly) を、その C から作り直す"
	@echo "make lock        requirements.txt を作り直す"
	@echo "make clean       生成物を消す (.venv は残す)"

setup:
	@$(PYTHON) code/rnnbook/workshop/install.py

book: setup
	@$(RUN) -m rnnbook.workshop.build

serve: setup
	@$(RUN) -m rnnbook.workshop.serve

lab: setup
	@$(RUN) -m jupyterlab chapters

test: setup
	@$(RUN) -m rnnbook.workshop.check --chapter=$(CHAPTER)

test-colab: setup
	@$(RUN) -m rnnbook.workshop.check --colab --chapter=$(CHAPTER)

lint: setup
	@$(RUN) -m rnnbook.workshop.check --lint

format: setup
	@$(RUN) -m ruff check --fix --quiet .
	@$(RUN) -m ruff format .

outputs: setup
	@$(RUN) -m rnnbook.workshop.outputs $(CHAPTER)

repository: setup
	@$(RUN) -m rnnbook.workshop.repository $(URL) --version=$(VERSION)

measures: setup
	@$(RUN) -m rnnbook.workshop.measures

bench: setup
	@$(RUN) -m rnnbook.workshop.bench

kernels: setup
	@$(RUN) -m rnnbook.workshop.kernels

lock: setup
	@$(RUN) -m rnnbook.workshop.lock

clean:
	rm -rf _build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find code tests chapters \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
