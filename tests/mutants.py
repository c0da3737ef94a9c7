#!/usr/bin/env python3
"""make mutants: does the grader see every small change of the solutions?

    /usr/bin/python3 tests/mutants.py [STEM | EXERCISE …]     --check: a sample

tests/mutate.py changes each exercise's solution in every small way, and in the larger ways that
readers do. The mutants of an exercise are compiled in one file, linked with the chapter's tests and
run on the grading inputs (tests/mutants.h). Each ends in one of these ways:

    caught          wrong numbers, a crash, something outside an array, an endless loop, or a
                    sanitizer's word
    same code       the compiler makes the same object code of it as of the solution
    within          no input that the task permits shows it: by a rule below, or listed with its
                    reason in tests/mutants/NN_stem.txt: id … TAB reason
    left over       a case is missing from the probe

Fails if anything is left over, or if a line of a list is not needed any more. What comes out of the
mutants is kept, with a sentence for each, in tests/mutants/NN_stem.words: the grader reads it.
"""
import concurrent.futures
import hashlib
import os
import re
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True # no folder of its own beside the tests
import mutate
import solution

BUILD = 'build/mutants'
CC = os.environ.get('CC', 'cc')
# (Inlining would only take time: hundreds of copies of what the solutions call.)
FLAGS = ['-std=c11', '-O1', '-fno-inline', '-w', '-Werror=implicit-function-declaration', '-I.',
         '-ftrivial-auto-var-init=pattern']
# (As in tests/exercise.sh, which runs readers' functions.)
SANITIZERS = [(['-fsanitize=undefined', '-fno-sanitize-recover=all',
                '-fsanitize-recover=bounds,shift-base,alignment,vla-bound'], []),
              (['-fsanitize=address'], ['--plain'])]

LABEL = re.compile(r'\.L[A-Z]*[0-9]+') # of an assembler

# Whole classes that no input can show, with the reason.
RULES = {'unset': 'what happens to be in memory is used; the compiler warns',
         'free': 'memory is not given back: no result depends on it',
         'twice': 'the second call writes once more what the first wrote',
         'room': 'as much memory as before, or more',
         'backwards': 'the same steps in the opposite order'}


def output(*words, **how):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding='utf-8', errors='replace', **how)


def check_flags(what):
    return output('pkg-config', what, 'check').stdout.split() or ([] if what == '--cflags' else ['-lcheck'])


class Problem(Exception):
    """What stands in the way of a run."""


class Chapter:
    """A chapter's tests, compiled once."""
    lock = threading.Lock()
    all = {}

    @classmethod
    def of(cls, stem):
        with cls.lock:
            if stem not in cls.all:
                cls.all[stem] = cls(stem)
        chapter = cls.all[stem]
        with chapter.lock:
            if not chapter.judge:
                chapter.compile()
        return chapter

    def __init__(self, stem):
        self.stem, self.folder, self.lock = stem, f'{BUILD}/{stem}', threading.Lock()
        self.tests, self.judge = f'{self.folder}/tests.o', None
        os.makedirs(self.folder, exist_ok=True)

    def compile(self):
        """Only if what they are made of has changed. `judge` stands for what a mutant's result depends on."""
        test = f'tests/test_{self.stem}.c'
        needs = output(CC, *FLAGS, '-DGRADER', *check_flags('--cflags'), '-MM', test).stdout.replace('\\\n', ' ').split()[1:]
        made_of, judge = hashlib.sha256(repr((CC, FLAGS)).encode()), hashlib.sha256(repr((CC, FLAGS, SANITIZERS)).encode())
        for path in needs:
            content = b''.join(line.encode() for line in read(path))
            made_of.update(content)
            if not path.endswith(('explain.h', 'grader.h')) and 'tests/mistakes/' not in path and 'tests/right/' not in path:
                judge.update(content)
        stamp = f'{self.tests}.{made_of.hexdigest()[:16]}'
        if not os.path.exists(stamp):
            r = output(CC, *FLAGS, '-DGRADER', *check_flags('--cflags'), '-c', test, '-o', self.tests)
            if r.returncode:
                raise Problem(f'{test} does not compile:\n{r.stderr}')
            for f in os.listdir(self.folder):
                if f.startswith('tests.o.'):
                    os.remove(f'{self.folder}/{f}')
            open(stamp, 'w', encoding='utf-8').close()
        self.judge = judge.hexdigest()


class Run:
    """The mutants of one exercise."""

    def __init__(self, stem, name):
        self.stem, self.name = stem, name
        self.solution = mutate.solution(stem, name)
        self.mutants = self.solution.mutants
        self.seconds = 0

    def source(self, mutants):
        """One file with all of them; `#line` gives each its own name in the compiler's messages."""
        lines = [f'#include "src/{self.stem}.h"', '#include <float.h>', 'typedef void (*any_function)(void);',
                 'struct readers_function { const char *name; any_function function; };']
        for i, m in enumerate(mutants):
            lines += [f'#line 1 "mutant_{i}"', m.named(f'mutant_{i}')]
        lines += ['#line 1 "table"', 'const struct readers_function readers_functions[] = {']
        lines += [f'{{"{self.name}", (any_function)mutant_{i}}},' for i in range(len(mutants))]
        return '\n'.join(lines + ['{0}};', ''])

    def compile(self, mutants, flags, what):
        """Compiles and links them; returns those that compile, and the program."""
        base = f'{BUILD}/{self.stem}/{self.name}{what}'
        while True:
            with open(base + '.c', 'w', encoding='latin-1') as file:
                file.write(self.source(mutants))
            r = output(CC, *FLAGS, *flags, '-fsyntax-only', base + '.c')
            bad = [line.split(':')[0] for line in r.stderr.splitlines() if ' error: ' in line]
            if r.returncode == 0:
                break
            if len(set(bad)) > len(mutants) / 2:
                bad = bad[:1] # a brace too many makes all that come later wrong
            good = [m for i, m in enumerate(mutants) if f'mutant_{i}' not in bad]
            if len(good) == len(mutants):
                raise Problem(f'{base}.c does not compile:\n{r.stderr}')
            mutants = good
        r = output(CC, *FLAGS, *flags, '-c', base + '.c', '-o', base + '.o')
        if r.returncode:
            raise Problem(f'{base}.c does not compile:\n{r.stderr}')
        r = output(CC, *flags, f'{BUILD}/{self.stem}/tests.o', base + '.o', '-o', base, *check_flags('--libs'), '-lm')
        if r.returncode:
            raise Problem(f'{base} does not link:\n{r.stderr}')
        return mutants, base

    def judge(self, mutants, flags, options, what):
        """What comes out of each: sets m.result and m.print; returns those called right."""
        mutants, program = self.compile(mutants, flags, what)
        lines = output(program, '--mutants', *options, env=dict(os.environ, UBSAN_OPTIONS='print_stacktrace=0')).stdout.splitlines()
        if len(lines) != len(mutants):
            raise Problem(f'{program} --mutants: {len(lines)} lines for {len(mutants)} mutants')
        for line in lines:
            number, result, *more = line.split('\t')
            m = mutants[int(number)]
            m.result, (m.print, m.known) = result, more or ('', '')
        return mutants, [m for m in mutants if m.result == 'right']

    def object_code(self, mutants):
        """What the compiler makes of each: its assembly, with labels numbered as they come and constants in full."""
        source = self.source(mutants).encode('latin-1')
        command = [CC, '-std=c11', '-O2', '-fno-inline', '-fno-ipa-icf', '-fno-asynchronous-unwind-tables', '-w', '-I.',
                   '-x', 'c', '-', '-S', '-o', '-']
        lines = subprocess.run(command, input=source, stdout=subprocess.PIPE, check=True).stdout.decode('latin-1').splitlines()
        constants, label = {}, None
        for line in lines:
            if line.endswith(':'):
                label = line[:-1]
            elif label and label.startswith('.LC'):
                constants[label] = constants.get(label, '') + line
        code, name = {}, None
        for line in lines:
            if line.startswith('mutant_') and line.endswith(':') and '.' not in line:
                name, seen = line[:-1], {}
                code[name] = []
            elif name and line.split()[:2] == ['.size', name + ',']:
                name = None
            elif name:
                line = LABEL.sub(lambda l: constants.get(l.group()) or str(seen.setdefault(l.group(), len(seen))), line)
                code[name].append(line.replace(name, 'solution'))
        return [code[f'mutant_{i}'] for i in range(len(mutants))]

    def run(self, afresh=False):
        """Runs them all, or takes what came out the last time if nothing has changed since."""
        started = time.time()
        chapter, path = Chapter.of(self.stem), f'{BUILD}/{self.stem}/{self.name}.results'
        tolerances = [line for line in read('tests/tolerances.txt') if line.split('\t')[0] == self.name]
        key = hashlib.sha256(repr((chapter.judge, self.source(self.mutants), tolerances)).encode()).hexdigest() + '\n'
        lines = read(path)
        if not afresh and lines[:1] == [key]:
            by_id = {m.id: m for m in self.mutants}
            self.mutants = []
            for line in lines[1:]:
                id_, result, print_ = line.rstrip('\n').split('\t')
                self.mutants.append(by_id[id_])
                by_id[id_].result, by_id[id_].print = result, print_
        else:
            own = self.solution.unchanged()
            self.mutants, right = self.judge(self.mutants + [own], [], [], '')
            self.mutants.remove(own)
            if own not in right:
                raise Problem(f'{self.name}: the solution itself is {own.result}')
            right.remove(own)
            self.watch(right)
            with open(path, 'w', encoding='utf-8') as file:
                file.writelines([key] + [f'{m.id}\t{m.result}\t{m.print}\n' for m in self.mutants])
        self.seconds = time.time() - started
        return self

    def watch(self, right):
        """Of those called right: the same code? does a sanitizer see something?"""
        own, *others = self.object_code([self.solution.unchanged()] + right)
        for m, code in zip(right, others):
            if code == own:
                m.result = 'same code'
        for flags, options in SANITIZERS:
            right = [m for m in right if m.result == 'right']
            if right:
                _, right = self.judge(right, flags, options, '_watched')


# How likely a reader is to make a change of this kind: of an outcome that has several causes, the likely are named.
LIKELY = ['bound', 'reset', 'assignment', 'only', 'transposed', 'dropped', 'statement', 'start', 'mean', 'throughout', 'outputs',
          'exchanged', 'static', 'unset', 'size', 'bytes', 'product', 'returned', 'input']
POSSIBLE = ['name', 'constant', 'one more', 'operator', 'condition', 'step', 'measure', 'approximation', 'cast', 'narrowed']
ALIKE = ['bound', 'dropped', 'one more', 'constant', 'operator'] # at one place, these are one change said in different ways


def rank(m):
    """0 likely, 1 possible, 2 hardly ever: what only a machine does."""
    if 'in the head of' in m.place:
        return 0 if m.kind in ('bound', 'dropped') else 2
    return 0 if m.kind in LIKELY else 1 if m.kind in POSSIBLE else 2


SIZE_UNSET = re.compile('`[A-Z]` has no value')


def sentence(mutants):
    """What to say of an outcome that comes out of all these mutants: nothing where the cause is open."""
    # (If a size has no value, nothing is computed: there are many reasons for that.)
    mutants = sorted([m for m in mutants if m.kind != 'odd start' and not (SIZE_UNSET.match(m.says) and '=nan' in m.print)], key=rank)
    if not mutants:
        return None
    likely = [m for m in mutants if rank(m) == rank(mutants[0])]
    says = {}
    for m in sorted(likely, key=lambda m: ALIKE.index(m.kind) if m.kind in ALIKE else len(ALIKE)):
        says.setdefault(m.place if m.kind in ALIKE else m.says, m.says)
    says = list(dict.fromkeys(says.values()))
    return ', or if '.join(says) if len(says) <= 2 else None


def words_of(run):
    """The lines of tests/mutants/NN_stem.words for an exercise."""
    outcomes = {}
    for m in run.mutants:
        if m.result == 'wrong':
            outcomes.setdefault(m.print, []).append(m)
    lines = [(m[0].id, print_, sentence(m)) for print_, m in outcomes.items()]
    return [f'{run.name}\t{id_}\t{print_}\t{says}\n' for id_, print_, says in lines if says]


def keep_words(stem, lines):
    """Puts the lines of some exercises in place of theirs."""
    path, new = f'tests/mutants/{stem}.words', {}
    for name in [n for s, n in solution.exercises() if s == stem]:
        new[name] = lines[name] if name in lines else [line for line in read(path) if line.split('\t')[0] == name]
    os.makedirs('tests/mutants', exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(line for name in new for line in new[name])


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as file:
        return file.readlines()


def read_lists(stems):
    """What tests/mutants/NN_stem.txt say: id → reason, by chapter."""
    lists = {}
    for stem in stems:
        lists[stem] = {}
        for line in read(f'tests/mutants/{stem}.txt'):
            if line.strip() and not line.startswith('#'):
                ids, _, reason = line.strip().partition('\t')
                lists[stem].update({id_: reason for id_ in ids.split()})
    return lists


ROW = '{:>7} {:>7} {:>9} {:>7} {:>9}'


def check():
    """make check: the lists and words are of the present solutions, and a sample of mutants ends as they say."""
    problems, sampled, expected, other = [], 0, 0, []
    by_stem = {}
    for stem, name in solution.exercises():
        by_stem.setdefault(stem, []).append(name)
    lists = read_lists(by_stem)
    runs = {stem: [Run(stem, name) for name in names] for stem, names in by_stem.items()}
    words = {}
    for stem in by_stem:
        fields = [line.rstrip('\n').split('\t') for line in read(f'tests/mutants/{stem}.words')]
        words[stem] = {id_: says for _, id_, _, says in fields}
        ids = {m.id for run in runs[stem] for m in run.mutants}
        for kind, listed in ('txt', lists), ('words', words):
            problems += [f'tests/mutants/{stem}.{kind}: {i}: no mutant has this id any more: make mutants'
                         for i in listed[stem] if i not in ids]
    # The same sample every time, for solutions that are the same.
    for stem in sorted(by_stem, key=lambda s: hashlib.sha256(s.encode()).digest())[:3]:
        run = runs[stem][len(stem) % len(runs[stem])]
        run.mutants = sorted(run.mutants, key=lambda m: m.id)[:60]
        run.run(afresh=True)
        for m in run.mutants:
            sampled += 1
            says = words[stem].get(m.id)
            expected += says is not None
            if m.result == 'right' and not RULES.get(m.kind) and m.id not in lists[stem]:
                problems.append(f'{run.name} {m.id}: left over: {m.says}')
            elif says and m.known != says + '.':
                other.append(f'{run.name} {m.id}: {m.result}, "{m.known or ""}", expected "{says}.": make mutants')
    # What reads beside an array, or what nobody has set, differs from run to run: a few may come out otherwise.
    if len(other) > expected / 5:
        problems += [f'{len(other)} of {expected} outcomes are not known again', *other]
    print(f'{sum(len(r.mutants) for stem in runs for r in runs[stem])} mutants, {sampled} of them run')
    print('\n'.join(problems[:40]), end='\n' if problems else '')
    return bool(problems)


def main(names):
    if names == ['--check']:
        return check()
    exercises = [(s, n) for s, n in solution.exercises() if not names or {s, n, s.split('_')[0]} & set(names)]
    if not exercises:
        sys.exit(f'no such chapter or exercise: {" ".join(names)}')
    lists = read_lists({s for s, _ in exercises})
    started, bad, total, words = time.time(), 0, [0] * 5, {}
    print(f'{"exercise":32}', ROW.format('mutants', 'caught', 'same code', 'within', 'left over'))
    # Started in order, as many at a time as there are cores; libclang is asked here alone.
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get('JOBS') or os.cpu_count())) as pool:
        runs = [pool.submit(Run(s, n).run) for s, n in exercises]
        for job in runs:
            try:
                run = job.result()
            except Problem as problem:
                pool.shutdown(cancel_futures=True)
                sys.exit(str(problem))
            listed, counts, left = lists[run.stem], [0] * 4, []
            for m in run.mutants:
                # (Which have the same object code, compilers do not agree on: these may be listed.)
                reason = m.result in ('right', 'same code') and listed.pop(m.id, None) or RULES.get(m.kind)
                end = {'same code': 1, 'right': 2 if reason else 3}.get(m.result, 0)
                counts[end] += 1
                if end == 3:
                    left.append(m)
            print(f'{run.stem[:2]} {run.name:29}', ROW.format(len(run.mutants), *counts), f'  {run.seconds:.1f} s', flush=True)
            for m in left:
                print(f'      {m.id}  {m.line}:{m.column}  {m.says}')
            words.setdefault(run.stem, {})[run.name] = words_of(run)
            total = [t + c for t, c in zip(total, [len(run.mutants)] + counts)]
            bad += len(left)
    for stem, lines in words.items():
        keep_words(stem, lines)
    for stem, listed in lists.items():
        whole = {n for s, n in exercises if s == stem} == {n for s, n in solution.exercises() if s == stem}
        for id_ in listed if whole else ():
            print(f'tests/mutants/{stem}.txt: {id_} is not needed: it is caught, or not made any more')
            bad += 1
    print(f'{"all":32}', ROW.format(*total), f'  {time.time() - started:.0f} s')
    return bad > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
