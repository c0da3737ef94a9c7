"""Every small change of an exercise's solution, and the larger ones that readers make.

mutants(stem, name) gives them: the changed text, the place, and what the change is in the words of
the task: a clause that reads well after "This is what comes out if". None shows a line of the
solution.
"""
import hashlib

from solution import ARRAYS, ASSIGNED, NOUN, ORDINAL, Solution, base, kind_of, signature, tool

OTHERS = {'+': '-*', '-': '+/', '*': '+/', '/': '*-', '%': '/*', '&': '|^', '|': '&^', '^': '|&',
          '<<': ['>>'], '>>': ['<<'], '&&': ['||'], '||': ['&&'], '<': ['<=', '>', '>=', '!='],
          '<=': ['<', '>=', '>', '=='], '>': ['>=', '<', '<=', '!='], '>=': ['>', '<=', '<', '=='],
          '==': ['!=', '<=', '>='], '!=': ['==', '<', '>']}
LEFT_OUT = {'+': 'the term', '-': 'the subtraction of', '*': 'the factor', '/': 'the division by',
            '%': 'the remainder by', '&&': 'the part with', '||': 'the part with'}
ASSIGNMENTS = {'=': ['+=', '-=', '*='], '+=': ['=', '-=', '*='], '-=': ['=', '+='], '*=': ['=', '/=', '+='],
               '/=': ['=', '*=', '-=']}
NARROWER = {'double': ['float', 'int'], 'float': ['int'], 'size_t': ['int', 'unsigned char'], 'long': ['int'],
            'int64_t': ['int'], 'unsigned': ['int', 'unsigned char'], 'int': ['signed char'],
            'uint32_t': ['int', 'uint16_t'], 'uint64_t': ['uint32_t'], 'uint16_t': ['unsigned char'],
            'unsigned char': ['signed char']}
START = {'int': ['0', '1', '-1'], 'bool': ['false', 'true'],
         'float': ['0', '1', '-1', '-100', '1024', '1e-30f', '-1e30f', 'INFINITY', '-INFINITY']}
FIXED = {'int': '1234', 'float': ['1e-5f', '0.0f', '1.0f', '2.0f']}
NOT_INFINITE = ['1e4f', '100.0f', '1e9f', '1e10f', '1e30f', '2147483648.0f', 'FLT_MAX', '0', '1', 'NAN']
ALIKE = [['expf', 'logf', 'sqrtf', 'fabsf', 'tanhf', 'cosf'], ['exp', 'log', 'sqrt', 'fabs', 'tanh', 'cos'],
         ['fmax', 'fmin'], ['fmaxf', 'fminf'], ['memcmp', 'strncmp']]
MEASURES = [('fabs({})', 'the absolute value is taken of {}'), ('({0}) * ({0})', '{} is squared'),
            ('sqrt({})', 'the root is taken of {}'), ('exp({})', 'e is raised to {}'),
            ('log({})', 'the logarithm is taken of {}'), ('-({})', 'the sign is turned of {}'),
            ('1 / ({})', '1 is divided by {}'), ('1 - ({})', '{} is taken from 1'), ('2 * ({})', '{} is doubled'),
            ('0.5 * ({})', '{} is halved'), ('(int)({})', '{} is cut to a whole number')]
APPROXIMATE = {
    'expf': [('(1 + {0})', '1 + x'), ('powf(2.718f, {0})', '2.718 to the power of x'),
             ('powf(2.72f, {0})', '2.72 to the power of x'), ('exp2f({0})', '2 to the power of x'),
             ('(({0}) < -20 ? 0 : expf({0}))', '0 below -20')],
    'tanhf': [('fmaxf(-1, fminf(1, {0}))', 'x cut at -1 and 1'), ('sinf({0})', '`sinf(x)`'), ('erff({0})', '`erff(x)`'),
              ('(({0}) / (1 + fabsf({0})))', 'x / (1 + |x|)')],
    'logf': [('log2f({0})', 'the logarithm to base 2'), ('log10f({0})', 'the logarithm to base 10'), ('(({0}) - 1)', 'x - 1')]}
ONE_MORE = (('+', 'large', 'late'), ('-', 'small', 'early'))


class Mutant:
    """A changed solution. `kind` is a word for the change, `says` a clause."""

    def __init__(self, solution, edits, kind, says, at):
        self.exercise, self.kind, self.says, self.place = solution.name, kind, says, ''
        text, origin = solution.source[solution.start:solution.end], solution.start
        # (Its own name is left open: it may call itself.)
        edits = list(edits) + [(a, b, '\1') for a, b in solution.own_names if not any(s <= a < e for s, e, _ in edits)]
        for start, end, new in sorted(edits, key=lambda e: (e[0], e[1]), reverse=True):
            text = text[:start - origin] + new + text[end - origin:]
        self.text, self.result, self.print, self.known = text, None, '', ''
        self.id = hashlib.sha256((solution.name + ' '.join(text.split())).encode()).hexdigest()[:8]
        before = solution.source[solution.start:at]
        self.line, self.column = before.count('\n') + 1, len(before) - before.rfind('\n')

    def named(self, name):
        return self.text.replace('\1', name)


class Mutator(Solution):
    """Makes the mutants of a solution."""

    def __init__(self, header, name, task):
        super().__init__(header, name, task)
        self.mutants, self.seen = [], {self.unchanged().text}
        for node in self.body.all():
            getattr(self, 'on_' + node.kind.lower(), lambda node: None)(node)
            if self.is_statement(node):
                self.left_out(node)
            if self.is_value(node):
                self.value(node)
        for loop in self.loops:
            self.loop(loop)
        for p in self.params:
            self.parameter(p)
        self.members()
        self.results()
        self.early()

    def unchanged(self):
        return Mutant(self, (), '', '', self.start)

    def add(self, node, kind, says, *edits):
        """One mutant at a node; edits are (start, end, text)."""
        call = node if node.kind == 'CALL_EXPR' else node.above('CALL_EXPR')
        if call and call.name in ('grab', 'malloc', 'calloc') and (
                kind in ('bytes', 'exchanged') or kind == 'one more' and '+ 1' in edits[0][2]):
            kind = 'room'
        if kind == 'one more' and '+ 1' in edits[0][2] and node.parent.kind == 'VAR_DECL' and node.parent.type.endswith('*'):
            kind = 'room'
        m = Mutant(self, edits, kind, says, node.start)
        m.place = self.place(node)
        if m.text not in self.seen:
            self.seen.add(m.text)
            self.mutants.append(m)

    def swap(self, node, kind, says, text):
        self.add(node, kind, says, (node.start, node.end, text))

    def exchange(self, at, kind, says, a, b):
        """Two pieces in each other's place."""
        self.add(at, kind, says, (a.start, a.end, b.text), (b.start, b.end, a.text))

    def around(self, node, before, after):
        """The edits that put text around a statement."""
        end = self.statement_end(node)
        return (node.start, node.start, before), (end, end, after)

    def at_start(self, kind, says, text):
        self.add(self.body, kind, says, (self.body.start + 1, self.body.start + 1, ' ' + text))

    # ---- Operators -----------------------------------------------------------------------

    def on_binary_operator(self, node):
        op, (a, b) = self.operator(node), node.kids
        where, loop = self.place(node), self.loop_of_condition(node)
        if op == '=':
            self.on_compound_assignment_operator(node)
            return
        for other in OTHERS.get(op, []):
            if other == '!=' and 'in the head of' in where: # as good as < in a loop that counts up
                continue
            says = f'{NOUN[other]} is used where {NOUN[op]} belongs{where}'
            if {op, other} in ({'<', '<='}, {'>', '>='}):
                says = (f'{loop.says()} ends one step too {"late" if "=" in other else "early"}' if loop else
                        f'a comparison {"holds" if "=" in other else "does not hold"} for equal numbers{where}')
            self.add(node, 'operator', says, (*self.operator_extent(node), other))
        if op in ('<', '<=', '>', '>=', '==', '!=') and a.type == b.type == 'int':
            for sign, _, late in ONE_MORE:
                if op.startswith('>'):
                    late = {'late': 'early', 'early': 'late'}[late]
                says = f'{loop.says()} ends one step too {late}' if loop else self.instead(b, f'{self.words(b)} {sign} 1')
                self.swap(b, 'bound', says, f'({b.text} {sign} 1)')
        if op in LEFT_OUT:
            start, end = self.loop_of_start(node), next((l for l in self.loops if l.bound is node), None)
            for left, right, at in ((b, a, (a.end, b.end)), (a, b, (a.start, b.start))):
                if left is b or op in ('+', '*', '&&', '||'):
                    left_out = where.replace(', in a condition', '') if op in ('&&', '||') else where
                    says = (f'{start.says()} begins at {self.words(right)}' if start and start.first is node else
                            f'{end.says()} ends at {self.words(right)}' if end else
                            f'{LEFT_OUT[op]} {self.words(left)} is left out{" of a condition" if op in ("&&", "||") else ""}{left_out}')
                    self.add(node, 'dropped', says, (*at, ''))
            if op in '-/' and a.type == b.type:
                self.add(node, 'dropped', f'the term {self.words(a)} is left out{where}' if op == '-' else
                         f'1 is divided, not {self.words(a)}{where}', (a.start, a.end, '0' if op == '-' else '1'))
                self.add(node, 'exchanged', f'the two sides of {NOUN[op]} are exchanged{where}',
                         (a.start, a.end, f'({b.text})'), (b.start, b.end, f'({a.text})'))

    def on_compound_assignment_operator(self, node):
        op, target = self.operator(node), node.kids[0]
        what = self.words(target)
        does = {'=': 'set', '+=': 'added to', '-=': 'subtracted from', '*=': 'multiplied', '/=': 'divided'}
        for other in ASSIGNMENTS.get(op, []) if target.type in ('int', 'float', 'bool') else []:
            says = (f'{what} is {does[other]} where it should be {does[op]}' if {op, other} <= {'=', '*=', '/='} else
                    f'{what} is added to what is there, not set' if (op, other) == ('=', '+=') else
                    f'{what} is overwritten where it should be added to' if (op, other) == ('+=', '=') else
                    f'`{other}` is used where `{op}` belongs, where {what} is written')
            self.add(node, 'assignment', says, (*self.operator_extent(node), other))

    def on_unary_operator(self, node):
        op, kid = self.operator(node), node.kids[0]
        what, where = self.words(kid), self.place(node)
        if op in ('!', '-', '~'):
            says = {'!': 'a “not” is left out', '-': 'a minus sign is left out', '~': 'a bitwise “not” is left out'}[op]
            self.swap(node, 'dropped', says + where, kid.text)
        if op not in ('++', '--'):
            return
        up, down = ('up', 'down') if op == '++' else ('down', 'up')
        self.swap(node, 'step', f'{what} counts {down}, not {up}', node.text.replace(op, '--' if op == '++' else '++'))
        loop = self.loop_at(node.parent)
        if loop:
            self.swap(node, 'step', f'{loop.says()} takes every second step only', f'{kid.text} {op[0]}= 2')
        elif not self.is_statement(node):
            first = node.text.startswith(op)
            says = f'{what} is counted {up} {"after" if first else "before"} it is used, not {"before" if first else "after"}'
            self.swap(node, 'step', says + where, kid.text + op if first else op + kid.text)
            self.swap(node, 'dropped', f'{what} is not counted {up}{where}', kid.text)

    # ---- Constants -----------------------------------------------------------------------

    def on_integer_literal(self, node):
        loop, p = self.loop_of_start(node), node.parent
        for sign, size, late in ONE_MORE if node.text[0].isdigit() else ():
            says = f'the number {node.text} is one too {size}{self.place(node)}'
            if loop:
                says = f'{loop.says()} begins one step too {late}'
            elif self.in_index(node) and p.kind == 'BINARY_OPERATOR' and self.operator(p) in '+-':
                grows = (sign == '+') == (self.operator(p) == '+' or node is p.kids[0])
                says = f'an index of {self.words(node.above("ARRAY_SUBSCRIPT_EXPR"))} is one too {"large" if grows else "small"}'
            self.swap(node, 'constant', says, f'({node.text} {sign} 1)')

    def on_character_literal(self, node):
        for sign, word in (('+', 'after'), ('-', 'before')):
            self.swap(node, 'constant', self.instead(node, f'the byte {word} {node.text}', node.text), f'({node.text} {sign} 1)')

    def on_string_literal(self, node):
        if len(node.text) > 3 and node.text[0] == '"':
            shorter = node.text[:node.text.rindex('\\')] if '\\' in node.text[-5:] else node.text[:-2]
            self.swap(node, 'constant', f'the last byte of {node.text} is missing{self.place(node)}', shorter + '"')

    def on_floating_literal(self, node):
        value = node.text.rstrip('f')
        for new, says in (('0.0', '0'), ('1.0', '1'), (f'(0.5f * {node.text})', f'half of {value}'),
                          (f'(2 * {node.text})', f'twice {value}'), (f'(-{node.text})', f'-{value}'),
                          (f'(1.01f * {node.text})', f'1.01 times {value}')):
            self.swap(node, 'constant', self.instead(node, says, value), new)

    def on_macro(self, node):
        """INFINITY, true, isfinite(x): their pieces are not in the tree, but in the text."""
        if node.text == 'INFINITY':
            for new in NOT_INFINITE:
                self.swap(node, 'constant', self.instead(node, new.rstrip('f'), 'INFINITY'), new)
            node = node.parent if node.parent.kind == 'UNARY_OPERATOR' else node
            p = node.parent
            if self.is_assignment(p) and node is p.kids[1]:
                target, at = self.words(p.kids[0]), self.operator_extent(p)
                self.add(p, 'product', f'{target} is multiplied by infinity where it should be set', (*at, '*='))
                self.add(p, 'product', f'{target} is multiplied by 0 where it should be set to minus infinity', (*at, '*='),
                         (node.start, node.end, '0'))
        elif node.text in ('true', 'false'):
            other = 'false' if node.text == 'true' else 'true'
            self.swap(node, 'constant', self.instead(node, other, node.text), other)
        elif '(' in node.text:
            for a, b, name in self.tokens:
                here = next((v for v in node.env if v.name == name), None) if node.start < a < node.end else None
                for other in node.env if here else ():
                    if other.name != name and other.type == here.type:
                        self.add(node, 'name', self.instead(node, self.role(other), self.role(here)), (a, b, other.name))
            if node.text.startswith('is'):
                for text, word in ('1', 'true'), ('0', 'false'):
                    self.swap(node, 'condition', f'`{node.text.split("(")[0]}` is taken to be {word} always{self.place(node)}', text)

    # ---- Names, members, calls -------------------------------------------------------------

    def instead(self, node, wrong, right=None):
        """ "`q` is used where `k` belongs, in the second argument of `softmax`" """
        right = right or self.words(node)
        if right == wrong:
            wrong = 'a different one'
        return f'{wrong} is used where {right} belongs{self.place(node)}'

    def value(self, node):
        """One more, one less, another name, the absolute value."""
        p, loop = node.parent, self.loop_of_start(node)
        named = node.kind in ('DECL_REF_EXPR', 'MEMBER_REF_EXPR')
        if named and node.type == 'int' and not self.is_target(node):
            for sign, size, late in ONE_MORE:
                says = (f'{loop.says()} begins one step too {late}' if loop else
                        f'an index of {self.words(p)} is one too {size}' if p.kind == 'ARRAY_SUBSCRIPT_EXPR' else
                        self.instead(node, f'{self.words(node)} {sign} 1'))
                self.swap(node, 'one more', says, f'({node.text} {sign} 1)')
        if node.kind == 'DECL_REF_EXPR' and not (p.kind == 'CALL_EXPR' and node is p.kids[0]):
            for other in node.env:
                if other.name != node.name and other.type == node.type:
                    self.swap(node, 'name', self.instead(node, self.role(other)), other.name)
        if node.kind == 'MEMBER_REF_EXPR':
            record = node.kids[0].cursor.type.get_canonical()
            record = record.get_pointee() if record.kind.name == 'POINTER' else record
            for field in record.get_fields():
                if field.spelling != node.name and kind_of(field.type) == node.type:
                    self.add(node, 'name', self.instead(node, f'`{field.spelling}`'),
                             (node.end - len(node.name), node.end, field.spelling))
        if node.kind == 'ARRAY_SUBSCRIPT_EXPR' and node.type == 'float' and not self.is_target(node):
            self.swap(node, 'measure', f'the absolute value of {self.words(node)} is used{self.place(node)}', f'fabsf({node.text})')
        if node.type == 'int' and node.kind == 'BINARY_OPERATOR' and self.operator(node) in '+-*/':
            for other in node.env:
                if other.type == 'int' and other.kind == 'PARM_DECL':
                    self.swap(node, 'name', self.instead(node, self.role(other)), other.name)

    def on_array_subscript_expr(self, node):
        inner = node.kids[0]
        if inner.kind == 'ARRAY_SUBSCRIPT_EXPR':
            self.exchange(node, 'transposed', f'the two indices of {self.words(node)} are exchanged',
                          inner.kids[1], node.kids[1])

    def on_call_expr(self, node):
        name, arguments, where = node.name, node.kids[1:], self.place(node)
        if not node.kids or not name:
            return
        callee = node.kids[0]
        alike = next((group for group in ALIKE if name in group and name != 'strncmp'), [])
        for other in alike + sorted(self.others.get(signature(callee.cursor.type), ())):
            if other != name and (node.type != 'void' or len(arguments) > 1):
                self.swap(callee, 'function', f'`{other}` is called where `{name}` belongs{where}', other)
        if len(alike) > 2:
            self.swap(node, 'measure', f'`{name}` is applied twice{where}', f'{name}({node.text})')
        for text, says in APPROXIMATE.get(name, []):
            self.swap(node, 'approximation', f'{says} is used for `{name}(x)`{where}', text.format(arguments[0].text))
        for i, a in enumerate(arguments):
            if a.type == node.type or node.type == 'float' and a.type == 'int':
                self.swap(node, 'dropped', f'`{name}` is not applied{where}' if len(arguments) == 1 else
                          f'the {ORDINAL[i]} argument of `{name}` is used where its result belongs{where}', f'({a.text})')
            self.argument(node, i, a)
        if self.is_statement(node) and node.type == 'void':
            self.add(node, 'twice', f'`{name}` is called twice{self.within(node)}', (node.start, node.start, node.text + '; '))

    def argument(self, call, i, a):
        """What another call takes; exchanged with a later one of this call; one more, one less."""
        for other in self.passed if a.type.endswith('*') and i else ():
            there = all(d.start < call.start for d in self.root.all() if d.kind == 'VAR_DECL' and d.name == base(other))
            if there and other.text != a.text and (other.type == a.type or 'void*' in (a.type, other.type)):
                self.swap(a, 'name', self.instead(a, self.words(other)), other.text)
        for j, b in enumerate(call.kids[1:]):
            if j > i and a.type == b.type and a.text != b.text:
                self.exchange(call, 'exchanged', f'the {ORDINAL[i]} and the {ORDINAL[j]} argument of `{call.name}` are exchanged', a, b)
        if a.type == 'int' and a.kind == 'BINARY_OPERATOR':
            for sign, size, _ in ONE_MORE:
                self.swap(a, 'one more', f'the {ORDINAL[i]} argument of `{call.name}` is one too {size}', f'({a.text} {sign} 1)')

    def on_cxx_unary_expr(self, node):
        if node.text.startswith('sizeof'):
            self.swap(node, 'bytes', f'elements are counted where bytes belong{self.place(node)}', '1')
            self.swap(node, 'bytes', f'the size of a pointer is used, not of what it points to{self.place(node)}', 'sizeof(void *)')

    def on_conditional_operator(self, node):
        test, a, b = node.kids
        self.swap(node, 'condition', f'only the first of two cases is there{self.place(node)}', f'({a.text})')
        self.swap(node, 'condition', f'only the second of two cases is there{self.place(node)}', f'({b.text})')
        self.swap(test, 'condition', f'the two cases are exchanged{self.place(node)}', f'!({test.text})')

    def on_cstyle_cast_expr(self, node):
        kid = node.kids[-1]
        written = self.source[node.start + 1:kid.start].split(')')[0].strip()
        self.swap(node, 'cast', f'the cast to `{written}` is left out{self.place(node)}', kid.text)
        for other in NARROWER.get(written, []):
            self.add(node, 'narrowed', self.instead(node, f'`{other}`', f'`{written}`'),
                     (node.start + 1, node.start + 1 + len(written), other))

    # ---- Statements and declarations -------------------------------------------------------

    def left_out(self, node):
        kind, loop = node.kind, self.loop_at(node)
        what = self.words(node.kids[0]) if node.kids else ''
        says = {'IF_STMT': 'a condition and what follows from it are left out', 'RETURN_STMT': 'a return is left out',
                'BREAK_STMT': 'a `break` is left out', 'CONTINUE_STMT': 'a `continue` is left out',
                'UNARY_OPERATOR': f'{what} is not counted', 'CALL_EXPR': f'the call of `{node.name}` is left out'}.get(kind)
        if kind in ('BINARY_OPERATOR', 'COMPOUND_ASSIGNMENT_OPERATOR'):
            says = {'=': f'{what} is not set', '+=': f'nothing is added to {what}', '*=': f'{what} is not multiplied',
                    '-=': f'nothing is subtracted from {what}', '/=': f'{what} is not divided'
                    }.get(self.operator(node), f'{what} is not changed')
        if loop:
            says = f'{loop.says()} is left out'
        if says:
            name = 'free' if node.name == 'free' else 'unset' if kind == 'RETURN_STMT' and node.kids else 'statement'
            self.swap(node, name, says + self.within(node), '')

    def on_if_stmt(self, node):
        test, where = node.kids[0], self.within(node)
        self.swap(test, 'condition', f'a condition always holds{where}', '1')
        self.swap(test, 'condition', f'a condition never holds{where}', '0')
        self.swap(test, 'condition', f'a condition is turned round{where}', f'!({test.text})')
        if len(node.kids) == 3:
            self.swap(node.kids[2], 'statement', f'what should be done otherwise (else) is left out{where}', '{}' if
                      node.kids[2].kind == 'COMPOUND_STMT' else '')

    def on_return_stmt(self, node):
        value = node.kids[0] if node.kids else None
        if value and value.type == 'int':
            for text, says in (('0', '0 is returned'), ('-1', '-1 is returned'), (f'({value.text}) + 1', 'one too many is returned'),
                               (f'({value.text}) - 1', 'one too few is returned')):
                self.swap(value, 'returned', says, text)
        if value and value.type == 'float':
            self.measures(value, 'what is returned')

    def measures(self, node, what):
        for text, says in MEASURES:
            self.swap(node, 'measure', says.format(what), text.format(node.text))

    def on_var_decl(self, node):
        decl, first, what = node.parent, self.first_value(node), self.role(node)
        written = self.type_text(decl)
        plain = written.replace('const ', '').strip()
        at = decl.start + written.find(plain)
        for other in NARROWER.get(plain, []):
            self.add(node, 'narrowed', f'{what} is of type `{other}` where `{plain}` belongs', (at, at + len(plain), other))
        if self.loop_at(decl.parent) and decl is not self.loop_at(decl.parent).body:
            return
        constant = first and (first.kind.endswith('LITERAL') or first.kind == 'MACRO')
        if first and node.type in START and first.kind != 'INIT_LIST_EXPR':
            # A search starts at a number that may be wrong; sums and what is computed start so by a machine's hand only.
            search = 'INFINITY' in first.text or first.text.endswith('[0]')
            for value in START[node.type]:
                shown = value.rstrip('f') if value[-1] == 'f' and value != 'INF' else value
                likely = search or constant and value in ('0', '1', '-1', 'false', 'true')
                plain = '' if shown in ('0', '1', '-1', 'INFINITY', '-INFINITY', 'false', 'true') else 'a number such as '
                self.swap(first, 'start' if likely else 'odd start', f'{what} starts at {plain}{shown}', value)
            self.add(node, 'unset', f'{what} has no value at first', (node.start + len(self.declarator(node)), node.end, ''))
            if node.type == 'float':
                self.measures(first, what if 'const' in written else f'what {what} starts with')
        if constant and 'const' not in written and len(decl.kids) == 1:
            self.add(node, 'static', f'{what} is kept from one call to the next (static)', (decl.start, decl.start, 'static '))
        if constant and node.type in START and self.written.get(node.name):
            self.reset(node, first, written)
        for size in node.kids if node.cursor.type.kind.name in ARRAYS else ():
            if size is not first and size.type == 'int':
                for n in ('128', '1024'):
                    self.swap(size, 'size', f'{what} has room for {n} numbers, whatever {self.words(size)} is', n)
                self.swap(size, 'size', f'{what} is one too short', f'({size.text} - 1)')
        if first and first.kind == 'CALL_EXPR' and first.name == 'grab' and node.type.count('*') == 1:
            self.room(node, first)

    def reset(self, node, first, written):
        """Not set back for each row: its declaration moves out of the loop around it. Set back in the loop inside."""
        decl, what = node.parent, self.role(node)
        around = [l for l in self.loops if decl.inside(l.body)]
        if around:
            self.add(node, 'reset', f'{what} is not set back to {first.text} for each step of {around[-1].says()}', self.without(node),
                     *self.around(around[-1].node, f'{{ {written}{node.name} = {first.text}; ', ' }'))
        for l in self.loops:
            if l not in around and any(w.inside(l.body) for _, w in self.written[node.name]):
                self.add(node, 'reset', f'{what} is set back to {first.text} at each step of {l.says()}',
                         *self.around(l.body, f'{{ {node.name} = {first.text}; ', ' }'))

    def room(self, node, call):
        """Memory from grab: of a fixed size, kept, not zero."""
        what, element = self.role(node), node.cursor.type.get_canonical().get_pointee().spelling
        freed = [(f.start, f.end, '') for f in self.body.all()
                 if f.kind == 'CALL_EXPR' and f.name == 'free' and base(f.kids[1]) == node.name]
        for n in ('128', '1024'):
            self.add(node, 'size', f'{what} has room for {n} elements, however many there are',
                     (call.start, call.end, f'({element}[{n}]){{0}}'), *freed)
        if any(n.kind == 'ARRAY_SUBSCRIPT_EXPR' and base(n) == node.name and not self.is_target(n) for n in self.body.all()):
            start = node.parent.start
            self.add(node, 'static', f'{what} is kept from one call to the next (static)',
                     (start, start, f'static {element} kept[1 << 20]; '), (call.start, call.end, 'kept'), *freed)
            self.add(node, 'start', f'{what} is not set to 0 at first', (call.start, call.start, 'memset('),
                     (call.end, call.end, f', 0x3E, ({call.kids[1].text}) * ({call.kids[2].text}))'))

    # ---- Larger ones: mistakes of thought ----------------------------------------------------

    def loop(self, loop):
        """Only the first step, only the last, only the diagonal, up to another bound, one step later, backwards."""
        body, index, says, first, bound = loop.body, loop.index, loop.says(), loop.first, loop.bound
        self.add(loop.node, 'only', f'only the first step of {says} is made', *self.around(body, '{ ', ' break; }'))
        if not (first and bound and index and self.operator(loop.test) in ('<', '<=')):
            return
        closed = self.operator(loop.test) == '<='
        self.swap(first, 'only', f'only the last step of {says} is made', bound.text if closed else f'({bound.text}) - 1')
        if loop.step and loop.step.text.replace(' ', '') in (index + '++', '++' + index):
            self.add(loop.node, 'backwards', f'{says} runs backwards',
                     (first.start, first.end, f'{bound.text} + 1' if closed else bound.text),
                     (loop.test.start, loop.test.end, f'{index}-- > ({first.text})'), (loop.step.start, loop.step.end, ''))
        for p in self.params:
            if p.type == 'int' and p.name != bound.text:
                self.swap(bound, 'bound', f'{says} ends at `{p.name}`', p.name)
        if first.kind != 'INTEGER_LITERAL':
            self.swap(first, 'bound', f'{says} begins at 0', '0')
        uses = [n for n in body.all() if n.kind == 'DECL_REF_EXPR' and n.name == index]
        for sign, word in (('+', 'later'), ('-', 'earlier')):
            self.add(body, 'throughout', f'all is done one step {word}, in {says}',
                     *[(n.start, n.end, f'({index} {sign} 1)') for n in uses])
        for outer in self.loops:
            if outer is loop or not outer.index or not loop.node.inside(outer.body):
                continue
            self.both(body, index, outer.index, f'the indices of {outer.says()} and of {says} are exchanged')
            if outer.bound and outer.bound.text == bound.text and not closed:
                where = self.role(outer.decl) if outer.decl else 'the outer index'
                self.swap(bound, 'bound', f'{says} ends at {where}', f'({outer.index} + 1)')
                self.swap(bound, 'bound', f'{says} ends before {where}', outer.index)
                self.swap(first, 'bound', f'{says} begins at {where}', outer.index)
                self.swap(first, 'bound', f'{says} begins after {where}', f'({outer.index} + 1)')
                self.add(body, 'only', f'{says} keeps to the diagonal',
                         *self.around(body, f'{{ if ({index} != {outer.index}) continue; ', ' }'))

    def both(self, inside, a, b, says):
        """Two names exchanged everywhere in a piece."""
        uses = [n for n in inside.all() if n.kind == 'DECL_REF_EXPR' and n.name in (a, b)]
        self.add(inside, 'throughout', says, *[(n.start, n.end, b if n.name == a else a) for n in uses])

    def parameter(self, p):
        """One parameter for another, a fixed number for it, an input that is written to, an output that is not."""
        uses = [n for n in self.body.all() if n.kind == 'DECL_REF_EXPR' and n.name == p.name]
        everywhere = lambda says, text: self.add(self.body, 'throughout', says, *[(n.start, n.end, text) for n in uses])
        if not self.written.get(p.name):
            for value in FIXED.get(p.type, ()):
                everywhere(f'`{p.name}` is taken to be {value.rstrip("f")}, whatever it is', value)
            for sign, size, _ in ONE_MORE if p.type == 'int' else ():
                everywhere(f'`{p.name}` is taken one too {size} throughout', f'({p.name} {sign} 1)')
        for q in self.params if uses else ():
            if q.name != p.name and q.type == p.type:
                everywhere(f'`{q.name}` is used for `{p.name}` throughout', q.name)
                if p.name < q.name:
                    self.both(self.body, p.name, q.name, f'`{p.name}` and `{q.name}` are exchanged throughout')
        element = p.cursor.type.get_canonical()
        while element.kind.name in ARRAYS or element.kind.name == 'POINTER':
            element = element.element_type if element.kind.name in ARRAYS else element.get_pointee()
        if p.type.endswith('*') and element.is_const_qualified() and element.kind.name not in ('RECORD', 'ELABORATED', 'VOID'):
            here = f'*(volatile {element.spelling.replace("const ", "")} *)(size_t){p.name}'
            self.at_start('input', f'`{p.name}` is written to, though it is only to be read', f'{here} = {here};')
        writes = [(name, op, n) for name, ops in self.written.items() for op, n in ops if self.is_statement(n)
                  and any(q.name == name and q.type.endswith('*') for q in self.params)]
        mine, others = [[(n.start, n.end, '') for name, _, n in writes if (name == p.name) == me] for me in (True, False)]
        if mine and others:
            self.add(self.body, 'outputs', f'nothing is written to `{p.name}`', *mine)
            self.add(self.body, 'outputs', f'only `{p.name}` is written', *others)
        if p.kids and any(name == p.name and op == '+=' for name, op, _ in writes):
            self.at_start('outputs', f'`{p.name}` is set to 0 first, where it should be added to',
                          f'memset({p.name}, 0, sizeof *{p.name} * (size_t)({p.kids[-1].text}));')

    def members(self):
        """Two members of a kind exchanged everywhere; a fixed number for one that is only read."""
        members = {}
        for n in self.body.all():
            if n.kind == 'MEMBER_REF_EXPR':
                members.setdefault((n.name, n.type), []).append(n)
        for (a, kind), uses in members.items():
            for value in FIXED['float'][:2] if kind == 'float' and not any(self.is_target(n) for n in uses) else ():
                self.add(self.body, 'throughout', f'`{a}` is taken to be {value.rstrip("f")}, whatever it is',
                         *[(n.start, n.end, value) for n in uses])
            for (b, other), theirs in members.items():
                if a < b and kind == other:
                    self.add(self.body, 'throughout', f'`{a}` and `{b}` are exchanged throughout',
                             *[(n.end - len(a), n.end, b) for n in uses], *[(n.end - len(b), n.end, a) for n in theirs])

    def results(self):
        """The result in a different measure; a mean for a sum."""
        for name, ops in self.written.items():
            for op, node in ops:
                if node.kind != 'UNARY_OPERATOR' and node.kids[0].type == 'float' and node.kids[1].kind != 'INTEGER_LITERAL':
                    did, to = ASSIGNED.get(op, ('set', 'to'))
                    target = self.words(node.kids[0])
                    self.measures(node.kids[1], f'what {target} is set to' if did == 'set' else f'what is {did} {to} {target}')
            for loop in self.loops:
                if not loop.bound or not any(op == '+=' and w.inside(loop.body) and w.kids[0].kind == 'DECL_REF_EXPR'
                                             and w.kids[0].type == 'float' for op, w in ops):
                    continue
                for use in self.body.all():
                    if use.kind == 'DECL_REF_EXPR' and use.name == name and not self.is_target(use) and use.start > loop.node.end:
                        mean = f'the mean over {self.words(loop.bound)}'
                        self.swap(use, 'mean', self.instead(use, mean, 'the sum'), f'({name} / (float)({loop.bound.text}))')

    def early(self):
        """A return before the work is done."""
        if self.root.cursor.result_type.kind.name != 'VOID':
            for value in ('0', '1', '-1'):
                self.at_start('early', f'{value} is returned at once', f'return {value};')
            return
        self.at_start('early', 'nothing is done at all', 'return;')
        for loop in self.loops:
            self.add(loop.node, 'early', f'the function ends after {loop.says()}', *self.around(loop.node, '{ ', ' return; }'))


def solution(stem, name):
    return Mutator(f'src/{stem}.h', name, tool('show', 'stub', name))
