# GPT-2 as a book of C programs. `make` alone says what there is to do.
# A chapter is found by its file, chapters/NN_name.md: adding one adds no line here.
# GNU make 3.81 is enough.

# -O1 compiles in half the time. The chapters that are to be fast, from 12 on, have flags of their own (build/fast).
CC      = cc
CFLAGS  = -std=c11 -O1 -g -Wall -Wextra
LDLIBS  = -lm
CHECK   = $$(pkg-config --cflags --libs check 2>/dev/null || echo -lcheck)

STEMS   := $(sort $(basename $(notdir $(wildcard chapters/[0-9][0-9]_*.md))))
TESTS   := $(sort $(basename $(notdir $(wildcard tests/test_*.c))))
MODELS  := gpt2 gpt2-medium gpt2-large gpt2-xl
LAST    := $(or $(filter 13_%,$(STEMS)),$(lastword $(STEMS)))
number   = $(firstword $(subst _, ,$1))
stem     = $(filter $1_%,$(STEMS))

# The reader's words. A word counts on make's command line alone: a shell may have a PROMPT of its own.
# It arrives as it is: make reads no `$` in it, and passes it on in the environment.
WORDS = PROMPT IDS MODEL FUNCTION TEXT FROM TO STEPS STAGES ROUNDS RESUME VOCABULARY OVERWRITE N SEED NATIVE REPORT PORT WEIGHTS PAGES
said  = $(filter command,$(origin $1))
define WORD
ifneq (,$(call said,$1))
override $1 := $$(value $1)
export $1
else
unexport $1
endif
endef
SAID := $(foreach v,$(.VARIABLES),$(if $(call said,$v),$v))
unexport $(SAID) EXERCISE_MINE EXERCISE_BUILD
$(foreach w,$(WORDS),$(eval $(call WORD,$w)))
ifneq (,$(call said,GPT2_SOURCE))
override GPT2_SOURCE := $(value GPT2_SOURCE)
endif
export GPT2_SOURCE CC LDLIBS MAKE
$(eval $(if $(call said,CFLAGS),,un)export CFLAGS)

UNKNOWN := $(filter-out $(WORDS) GPT2_SOURCE CC CFLAGS LDLIBS MORE TEST_LEVEL CHECK STEP STEM EXERCISE STEMS TESTS PARALLEL SHELL MAKE%,$(SAID))
$(if $(UNKNOWN),$(warning $(UNKNOWN:%=%=) is ignored: the names are in capitals, PROMPT= MODEL= IDS= … (make help)))

# A make that this one starts gets these and nothing else.
SUBMAKE = MAKEFLAGS= $(MAKE) -s --no-print-directory -j$${JOBS:-2} PARALLEL=yes CC="$$CC" LDLIBS="$$LDLIBS" \
          NATIVE="$${NATIVE-}"$(if $(call said,CFLAGS), CFLAGS="$$CFLAGS")

# In single quotes, for the shell.
quoted = '$(subst ','\'',$1)'

.DEFAULT_GOAL := help
# In order, so that `make deps test` installs first.
ifeq (,$(call said,PARALLEL))
.NOTPARALLEL:
endif
.DELETE_ON_ERROR:
.PHONY: glossary help deps deps-dev test figures book serve check check-all check-site mine generate progress tangle untangle \
        transcripts reference tool programs mutants clean

help:
	@sh chapters/help.sh

# ---- Programs ---------------------------------------------------------------------

programs: $(STEMS:%=build/%) build/book_checks build/stories build/pairs build/tunes
tool: build/00_book

# Programs are built again when they would be built differently: another compiler, other flags.
HOW := $(strip $(CC) $(CFLAGS) $(LDLIBS) $(NATIVE:%=NATIVE=%))
ifneq ($(HOW),$(strip $(shell cat build/how 2> /dev/null)))
.PHONY: build/how
endif
build/how:
	@mkdir -p build
	@printf '%s\n' $(call quoted,$(HOW)) > $@.$$$$ && mv -f $@.$$$$ $@

# From chapter 12 on programs are to be fast. Tests compute so little that compiling for speed takes longer than it saves.
FAST_STEMS := $(filter 12_% 13_% 14_% 15_%,$(STEMS))
build/fast: chapters/fast.sh build/how
	@sh chapters/fast.sh > $@.$$$$ && mv -f $@.$$$$ $@ || { rm -f $@.$$$$; exit 1; }
$(FAST_STEMS:%=build/%) $(FAST_STEMS:%=build/test_%): build/fast
# (Not as a variable of these targets: what they need would be built with it as well.)
# Chapter 15 runs fast enough with -O1, and compiles in a third of the time.
MORE = $(if $(filter $(FAST_STEMS),$(*:test_%=%)),$$(cat build/fast)$(if $(filter 15_%,$*), -O1))
TEST_LEVEL = $(if $(filter 12_% 13_% 14_%,$(*:test_%=%)),-O1,-O0)
COMPILE = @sh chapters/compile.sh $@ $(CC) $(CFLAGS)

$(STEMS:%=build/%): build/%: src/%.c Makefile build/how
	$(COMPILE) $(MORE) $< $(LDLIBS) || { \
	    echo "chapter $(call number,$*): $< does not compile: see the messages above" \
	         "(git diff $< shows what was changed)"; exit 1; }

build/book_checks: tests/book_checks.c Makefile build/how
	$(COMPILE) $< $(LDLIBS)
build/encode_lines: tests/encode_lines.c Makefile build/how
	$(COMPILE) $< $(LDLIBS)
build/stories: models/robots/stories.c Makefile build/how
	$(COMPILE) $< $(LDLIBS)
build/pairs: models/translator/pairs.c Makefile build/how
	$(COMPILE) $< $(LDLIBS)
build/tunes: models/tunes/tunes.c Makefile build/how
	$(COMPILE) $< $(LDLIBS)

# (What tests start, their chapter's program and the tool, is built beside them.)
$(TESTS:%=build/%): build/%: tests/%.c Makefile build/how
	@echo '#include <check.h>' | $(CC) -E - > /dev/null 2>&1 || { \
	    echo "$<: Check, the test library, is not installed: make deps"; exit 1; }
	$(COMPILE) $(if $(call said,MORE),$(MORE),$(MORE) $(TEST_LEVEL)) -I. $< $(CHECK) $(LDLIBS)

# (These tests run the program that writes pairs, or stories.)
build/test_pairs: | build/pairs
build/test_06_heads build/test_14_training: | build/stories

# (Chapter 0's test also tries what authors run.)
build/test_00_book: | build/book_checks

# (What make test-gpt2 runs beside the programs.)
build/gpt2_steps: tests/gpt2_steps.c build/fast build/how Makefile
	$(COMPILE) $$(cat build/fast) $< $(LDLIBS)

-include $(wildcard build/*.d)

# ---- For readers ------------------------------------------------------------------

# chapter-05 runs, tests and draws; show-05 opens its pictures; exercise-05 and its kin are in tests/exercise.sh.
define CHAPTER
.PHONY: chapter-$1 show-$1 exercise-$1 hint-$1 solution-$1 reset-$1 diff-$1 watch-$1
chapter-$1:
	@sh chapters/run.sh $2
show-$1:
	@sh figures/page.sh --open $2
exercise-$1: build/00_book
	@sh tests/exercise.sh grade $2 || [ $$$$? -eq 1 ]
hint-$1 solution-$1 reset-$1 diff-$1 watch-$1: build/00_book
	@sh tests/exercise.sh $$(firstword $$(subst -, ,$$@)) $2
endef
$(foreach s,$(STEMS),$(eval $(call CHAPTER,$(call number,$s),$s)))

# Any other number: say which chapters there are.
chapter-% show-% exercise-% hint-% solution-% reset-% diff-% watch-%:
	@echo $(call quoted,$@: there is no chapter $*; the chapters are: $(foreach s,$(STEMS),$(call number,$s))); exit 1

progress: build/00_book
	@sh tests/exercise.sh progress

mine: build/00_book
	@flags=$$(sh tests/exercise.sh mine $(call number,$(LAST))) && \
	    sh chapters/compile.sh build/mine/$(LAST) $(CC) $(CFLAGS) $$flags src/$(LAST).c $(LDLIBS) && \
	    sh chapters/run.sh --program build/mine/$(LAST) $(LAST) $(if $(call stem,13),--teaching)

# One chapter's program with the reader's functions.
mine-%: build/00_book build/fast
	@[ "$(call stem,$*)" ] || { echo $(call quoted,$@: there is no chapter $*); exit 1; }
	@flags=$$(sh tests/exercise.sh mine $*) && \
	    sh chapters/compile.sh build/mine/$(call stem,$*) $(CC) $(CFLAGS) $(if $(filter $(call stem,$*),$(FAST_STEMS)),$$(cat build/fast)) $$flags src/$(call stem,$*).c $(LDLIBS) && \
	    sh chapters/run.sh --program build/mine/$(call stem,$*) $(call stem,$*)

generate: $(addprefix build/,$(call stem,13))
	@$(if $^,sh chapters/run.sh --program $^ $(call stem,13),echo "generate: the finished program is chapter 13, which is not written yet; the last is $(LAST)"; exit 1)

test:
	@$(SUBMAKE) programs $(TESTS:%=build/%)
	@sh tests/run.sh $(TESTS)

figures: programs
	@for s in $(STEMS); do sh chapters/run.sh --figures $$s || exit 1; done

# (REPORT=https://…: where each page's "Report a mistake" leads; PORT=8000)
book:
	@sh chapters/weave.sh
serve: book
	@if command -v node > /dev/null 2>&1; then exec node chapters/site/serve.mjs build/book "$${PORT:-8000}"; \
	elif command -v python3 > /dev/null 2>&1; then exec python3 -m http.server --bind 127.0.0.1 --directory build/book "$${PORT:-8000}"; \
	else echo "serve: needs node or python3; or open build/book/index.html (without the search)"; exit 1; fi

deps:
	@sh .ci/deps.sh run
deps-dev:
	@sh .ci/deps.sh dev

# ---- Training ---------------------------------------------------------------------

.PHONY: train finetune eval
TRAINED := $(addprefix build/,$(call stem,01) $(call stem,14)) build/stories
train: $(TRAINED)
	@sh models/train.sh
# N=300: fine-tuned on so many summaries, chapter 15's task, and beside it the same from nothing.
ANSWERED := $(TRAINED) $(addprefix build/,$(call stem,15)) build/pairs
finetune: $(if $(filter override,$(origin N)),$(ANSWERED),$(TRAINED))
	@$(if $(filter override,$(origin N)),sh models/task.sh finetune summaries,sh models/train.sh finetune)
# A task of chapter 15: what it is, and how it is trained, is in models/NAME.
train-tunes: build/tunes $(addprefix build/,$(call stem,14) $(call stem,15))
	@sh models/tunes/train.sh
train-%: $(ANSWERED)
	@sh models/task.sh train $(call quoted,$*)
eval: $(TRAINED)
	@sh models/robots/eval.sh "$${MODEL:-models/robots}" 10000 "$${WEIGHTS:-f32}"

# ---- GPT-2's own files ------------------------------------------------------------

.PHONY: vocab-gpt2 test-gpt2 $(MODELS:%=model-%)
vocab-gpt2:
	@sh models/fetch.sh vocab gpt2
$(MODELS:%=model-%): model-%:
	@sh models/fetch.sh model $*

test-gpt2: $(addprefix build/,$(call stem,01) $(call stem,13)) build/gpt2_steps
	@sh tests/gpt2.sh

# ---- For contributors -------------------------------------------------------------

tangle: build/00_book
	@build/00_book tangle
untangle: build/00_book
	@build/00_book untangle
transcripts: programs
	@build/book_checks transcripts
glossary:
	@sh chapters/glossary.sh

reference: $(addprefix build/,$(call stem,01))
	sh tests/reference/torch.sh
	node tests/reference/make_tokens.mjs > build/01_tokenizer.txt
	mv build/01_tokenizer.txt tests/reference/01_tokenizer.txt

# (STEP="format card": only these)
STEPS_SAID = $(if $(call said,STEP),$(foreach s,$(value STEP),$(call quoted,$s)))
check check-all: $(if $(call said,STEP),programs)
	@sh tests/check.sh $(if $(filter check-all,$@),--all) $(STEPS_SAID)

# (STEM=05_masking or EXERCISE="hide_future softmax_past": only these)
mutants: build/00_book
	@/usr/bin/python3 tests/mutants.py $(foreach v,STEM EXERCISE,$(if $(call said,$v),$(foreach w,$(value $v),$(call quoted,$w))))

# (PAGES=chapters/05: only pages whose address has this)
check-site: book
	@node tests/site.mjs

bench-%: programs
	@[ -f $(call quoted,tests/bench_$*.sh) ] || { echo $(call quoted,$@: chapter $* has no benchmark); exit 1; }
	@sh $(call quoted,tests/bench_$*.sh)

clean:
	rm -rf build
