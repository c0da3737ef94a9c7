"""Every small change of an exercise's solution, and the larger ones that readers make.

mutants(function) parses a solution in its chapter's header with libclang and gives a list of
mutants: the changed text, the place, and what the change is in the words of the task:
a clause that reads well after "This is what comes out if". A reader's loop indices and
variables have other names than the solution's, so these are named by what they do; names that
the task itself uses are used. No description shows a line of the solution.
"""
import functools
import hashlib
import subprocess

import clang.cindex as ci

ARRAYS = {'CONSTANTARRAY', 'INCOMPLETEARRAY', 'VARIABLEARRAY', 'DEPENDENTSIZEDARRAY'}
NOUN = {'+': 'a sum', '-': 'a difference', '*': 'a product', '/': 'a quotient', '%': 'a remainder',
        '&': 'a bitwise and', '|': 'a bitwise or', '^': 'a bitwise xor', '<<': 'a shift to the left',
        '>>': 'a shift to the right', '&&': '“and”', '||': '“or”', '<': '“less than”',
        '<=': '“at most”', '>': '“greater than”', '>=': '“at least”', '==': '“equal”', '!=': '“not equal”'}
OTHERS = {'+': '-*', '-': '+/', '*': '+/', '/': '*-', '%': '/*', '&': '|^', '|': '&^', '^': '|&',
          '<<': ['>>'], '>>': ['<<'], '&&': ['||'], '||': ['&&'], '<': ['<=', '>', '>=', '!='],
          '<=': ['<', '>=', '>', '=='], '>': ['>=', '<', '<=', '!='], '>=': ['>', '<=', '<', '=='],
          '==': ['!=', '<=', '>='], '!=': ['==', '<', '>']}
ASSIGNED = {'=': ('set', 'to'), '+=': ('added', 'to'), '-=': ('subtracted', 'from'),
            '*=': ('multiplied', 'into'), '/=': ('divided', 'into')}
NARROWER = {'double': ['float', 'int'], 'float': ['int'], 'size_t': ['int', 'unsigned char'],
            'long': ['int'], 'int64_t': ['int'], 'unsigned': ['int', 'unsigned char'], 'int': ['signed char'],
            'uint32_t': ['int', 'uint16_t'], 'uint64_t': ['uint32_t'], 'uint16_t': ['unsigned char'],
            'unsigned char': ['signed char']}
ORDINAL = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth',
           'eleventh', 'twelfth']
ONE_FLOAT = ['expf', 'logf', 'sqrtf', 'fabsf', 'tanhf', 'cosf']
ONE_DOUBLE = ['exp', 'log', 'sqrt', 'fabs', 'tanh', 'cos']
MEASURES = [('fabs({})', 'the absolute value of the result is taken'), ('({0}) * ({0})', 'the result is squared'),
            ('sqrt({})', 'the root of the result is taken'), ('exp({})', 'e is raised to the result'),
            ('log({})', 'the logarithm of the result is taken'), ('-({})', 'the sign of the result is turned'),
            ('1 / ({})', 'the result is turned upside down (1 divided by it)'), ('1 - ({})', '1 minus the result is taken'),
            ('2 * ({})', 'the result is doubled'), ('0.5 * ({})', 'the result is halved'),
            ('(int)({})', 'the result is cut to a whole number')]

APPROXIMATE = {'expf': [('(1 + {0})', '1 + x'), ('powf(2.718f, {0})', '2.718 to the power of x'), ('powf(2.72f, {0})', '2.72 to the power of x'),
                        ('exp2f({0})', '2 to the power of x'), ('(({0}) < -20 ? 0 : expf({0}))', '0 below -20')],
               'tanhf': [('fmaxf(-1, fminf(1, {0}))', 'x cut at -1 and 1'), ('sinf({0})', '`sinf(x)`'), ('erff({0})', '`erff(x)`'),
                         ('(({0}) / (1 + fabsf({0})))', 'x / (1 + |x|)')],
               'logf': [('log2f({0})', 'the logarithm to base 2'), ('log10f({0})', 'the logarithm to base 10'), ('(({0}) - 1)', 'x - 1')]}


def kind_of(t):
    """What can stand in for what: "int", "float", "float**" (an array of rank 2), "struct config*"."""
    t = t.get_canonical()
    name = t.kind.name
    if name in ARRAYS:
        return kind_of(t.element_type) + '*'
    if name == 'POINTER':
        return kind_of(t.get_pointee()) + '*'
    if name == 'BOOL':
        return 'bool'
    if name in ('FLOAT', 'DOUBLE', 'LONGDOUBLE'):
        return 'float'
    if name in ('UCHAR', 'CHAR_S', 'CHAR_U', 'SCHAR', 'USHORT', 'UINT', 'ULONG', 'ULONGLONG', 'SHORT', 'INT', 'LONG',
                'LONGLONG', 'ENUM'):
        return 'int'
    return t.spelling.replace('const ', '')


class Node:
    """A piece of the syntax tree; implicit casts are left out."""

    def __init__(self, cursor, parent, text, macros):
        while cursor.kind.name == 'UNEXPOSED_EXPR' and len(list(cursor.get_children())) == 1:
            cursor = next(cursor.get_children())
        self.cursor, self.parent, self.kind, self.pieces = cursor, parent, cursor.kind.name, None
        self.start, self.end = cursor.extent.start.offset, cursor.extent.end.offset
        whole = next((m for m in macros if m[0] <= self.start < m[1]), None)
        if whole: # its pieces have no places of their own
            self.kind, (self.start, self.end) = 'MACRO', whole
        self.text, self.name, self.env = text[self.start:self.end], cursor.spelling, []
        self.kids = [] if whole else [Node(c, self, text, macros) for c in cursor.get_children() if c.kind.name != 'TYPE_REF']
        self.type = kind_of(cursor.type)

    def all(self):
        if self.pieces is None:
            self.pieces = [self] + [n for kid in self.kids for n in kid.all()]
        return self.pieces

    def above(self, *kinds):
        """The nearest node of these kinds above this one."""
        node = self.parent
        while node and node.kind not in kinds:
            node = node.parent
        return node

    def inside(self, other):
        return other and other.start <= self.start and self.end <= other.end


class Mutant:
    def __init__(self, function, edits, kind, says, at):
        self.exercise, self.kind, self.says = function.name, kind, says
        text, origin = function.source[function.start:function.end], function.start
        # (Its own name is left open: it may call itself.)
        edits = list(edits) + [(a, b, '\1') for a, b in function.own_names if not any(s <= a < e for s, e, _ in edits)]
        for start, end, new in sorted(edits, key=lambda e: (e[0], e[1]), reverse=True):
            text = text[:start - origin] + new + text[end - origin:]
        self.text, self.result, self.print = text, None, ''
        self.id = hashlib.sha256((function.name + ' '.join(text.split())).encode()).hexdigest()[:8]
        before = function.source[function.start:at]
        self.line, self.column = before.count('\n') + 1, len(before) - (before.rfind('\n') + 1) + 1

    def named(self, name):
        return self.text.replace('\1', name)


class Function:
    """A solution, and what the sentences about it are made from."""

    def __init__(self, header, name, task):
        self.name = name
        unit = parse(header)
        cursor = next(c for c in unit.cursor.get_children()
                      if c.kind.name == 'FUNCTION_DECL' and c.spelling == name and c.is_definition())
        with open(header, encoding='latin-1') as file: # an offset is a byte's
            self.source = file.read()
        macros = [(c.extent.start.offset, c.extent.end.offset) for c in unit.cursor.get_children()
                  if c.kind.name == 'MACRO_INSTANTIATION' and str(c.location.file) == header]
        self.root = Node(cursor, None, self.source, macros)
        self.start, self.end = self.root.start, self.root.end
        self.tokens = [(t.extent.start.offset, t.extent.end.offset, t.spelling)
                       for t in cursor.get_tokens() if t.kind.name != 'COMMENT']
        self.params = [k for k in self.root.kids if k.kind == 'PARM_DECL']
        self.body = self.root.kids[-1]
        # The words of the task: what is in its comment and its signature.
        self.vocabulary = {w for w in ''.join(c if c.isalnum() or c == '_' else ' ' for c in task).split()}
        # Functions of the book with the same types can be taken for one another.
        self.others = {}
        for c in unit.cursor.get_children():
            if c.kind.name == 'FUNCTION_DECL' and str(c.location.file).startswith('src/') and c.spelling != name:
                self.others.setdefault(signature(c.type), set()).add(c.spelling)
        self.variables, self.loops, self.written, self.inits = {}, [], {}, {}
        self.look(self.body, list(self.params))
        self.own_names = [next((a, b) for a, b, s in self.tokens if s == name)] + [
            (n.start, n.end) for n in self.body.all() if n.kind == 'DECL_REF_EXPR' and n.cursor.referenced == cursor]
        self.passed = {a.text: a for n in self.body.all() if n.kind == 'CALL_EXPR' for a in n.kids[1:] if a.type.endswith('*')}.values()
        self.mutants, self.seen = [], {self.unchanged().text}
        self.made = False

    def look(self, node, env):
        """Which variables are visible where, which are loops' indices, and what is done to them."""
        if node.kind in ('COMPOUND_STMT', 'FOR_STMT'):
            env = list(env)
        if node.kind in ('FOR_STMT', 'WHILE_STMT', 'DO_STMT'):
            self.loops.append(Loop(self, node))
        for kid in node.kids:
            self.look(kid, env)
        node.env = list(env)
        if node.kind == 'VAR_DECL':
            env.append(node)
        if node.kind in ('COMPOUND_ASSIGNMENT_OPERATOR', 'UNARY_OPERATOR') or self.is_assignment(node):
            op = self.operator(node)
            if op in ('++', '--') or node.kind != 'UNARY_OPERATOR':
                self.written.setdefault(base(node.kids[0]), []).append((op, node))

    # ---- Pieces of text -----------------------------------------------------------------

    @functools.lru_cache(None)
    def operator(self, node):
        """The operator of a node: the token between its two sides, or before or after the one."""
        if node.kind == 'UNARY_OPERATOR':
            kid = node.kids[0]
            low, high = (node.start, kid.start) if kid.start > node.start else (kid.end, node.end)
        else:
            low, high = node.kids[0].end, node.kids[1].start
        return next((s for a, b, s in self.tokens if low <= a and b <= high), '')

    def operator_extent(self, node):
        low, high = node.kids[0].end, node.kids[1].start
        return next((a, b) for a, b, s in self.tokens if low <= a and b <= high)

    def is_assignment(self, node):
        return node.kind == 'BINARY_OPERATOR' and self.operator(node) == '='

    def statement_end(self, node):
        """Where a statement ends, its semicolon included."""
        for a, b, s in self.tokens:
            if a >= node.end:
                return b if s == ';' and not self.source[node.end - 1] in ';}' else node.end
        return node.end

    def is_statement(self, node):
        p = node.parent
        if p is None or node.kind.endswith('_DECL'):
            return False
        if p.kind == 'COMPOUND_STMT':
            return True
        loop = next((l for l in self.loops if l.node is p), None)
        if loop:
            return node is loop.body
        return p.kind == 'IF_STMT' and node is not p.kids[0]

    # ---- Words --------------------------------------------------------------------------

    def known(self, name):
        return name in self.vocabulary

    def role(self, decl):
        """A variable in the reader's words."""
        name = decl.name if isinstance(decl, Node) else decl.spelling
        node = decl if isinstance(decl, Node) else next((d for d in self.root.all() if d.kind.endswith('_DECL') and
                                                         d.name == name and d.start == decl.extent.start.offset), None)
        if node is None or node.kind == 'PARM_DECL':
            return f'`{name}`'
        loop = next((l for l in self.loops if l.index == name and node.inside(l.node)), None)
        if len(name) == 1 and name.isupper() or loop and self.known(name) and len(name) == 1 and name != 'a':
            return f'`{name}`'
        if loop:
            return f'the index of {loop.says()}'
        ops = [op for op, _ in self.written.get(name, [])]
        if node.type.endswith('*'):
            return 'the local array' if self.alone(node, lambda d: d.type.endswith('*')) else 'a local array'
        if '+=' in ops and node.type == 'float':
            return 'the sum' if self.alone(node, lambda d: '+=' in [o for o, _ in self.written.get(d.name, [])]
                                           and d.type == 'float') else f'one of the sums'
        if '++' in ops or '--' in ops:
            return 'the counter'
        if '=' in ops and self.is_extreme(name):
            return self.is_extreme(name)
        return {'bool': 'a flag', 'float': 'an intermediate result', 'int': 'an intermediate number'}.get(node.type, 'a local variable')

    def alone(self, node, test):
        return sum(1 for d in self.root.all() if d.kind == 'VAR_DECL' and test(d)) == 1

    def is_extreme(self, name):
        """ "the largest value so far", if that is what a variable holds."""
        for n in self.root.all():
            if n.kind == 'BINARY_OPERATOR' and self.operator(n) in ('<', '>') and name in (base(n.kids[0]), base(n.kids[1])):
                branch = n.above('IF_STMT')
                if branch and n.inside(branch.kids[0]) and any(w.inside(branch.kids[1]) for _, w in self.written.get(name, [])):
                    return 'the largest so far' if (self.operator(n) == '>') == (name == base(n.kids[1])) else 'the lowest so far'
        return None

    @functools.lru_cache(None)
    def words(self, node):
        """An expression in the reader's words, as short as possible."""
        plain = self.plain(node)
        if plain and len(plain) <= 18:
            return f'`{plain}`'
        while node.kind in ('PAREN_EXPR', 'CSTYLE_CAST_EXPR'):
            node = node.kids[-1]
        if node.kind == 'DECL_REF_EXPR':
            return self.role(node.cursor.referenced)
        if node.kind == 'MEMBER_REF_EXPR':
            return f'`{node.name}`'
        if node.kind == 'CALL_EXPR':
            return f'the result of `{node.name}`'
        if node.kind == 'UNARY_OPERATOR':
            return self.words(node.kids[0])
        if node.kind == 'ARRAY_SUBSCRIPT_EXPR':
            inner = node
            while inner.kind in ('ARRAY_SUBSCRIPT_EXPR', 'PAREN_EXPR'):
                inner = inner.kids[0]
            return self.words(inner)
        if node.kind == 'BINARY_OPERATOR':
            return NOUN.get(self.operator(node), 'an expression')
        return 'an expression'

    def plain(self, node):
        """An expression as code, if it is made of the task's own names alone; casts are left out."""
        if node.kind in ('PAREN_EXPR', 'CSTYLE_CAST_EXPR') and node.kids:
            return self.plain(node.kids[-1])
        if node.kind in ('INTEGER_LITERAL', 'FLOATING_LITERAL', 'MACRO', 'CHARACTER_LITERAL'):
            return node.text.rstrip('fF') if node.text[:2] != '0x' and node.text[0].isdigit() else node.text
        if node.kind == 'DECL_REF_EXPR':
            says = self.role(node.cursor.referenced) if node.cursor.referenced else ''
            return says[1:-1] if says.startswith('`') else None
        if node.kind == 'MEMBER_REF_EXPR':
            return node.name
        if node.kind == 'CALL_EXPR' and len(node.kids) == 2:
            inner = self.plain(node.kids[1])
            return inner and f'{node.name}({inner})'
        if node.kind == 'UNARY_OPERATOR' and self.operator(node) == '-':
            inner = self.plain(node.kids[0])
            return inner and f'-{inner}'
        if node.kind == 'BINARY_OPERATOR' and self.operator(node) in '+-*/' and all(
                k.kind not in ('PAREN_EXPR', 'BINARY_OPERATOR') for k in node.kids):
            parts = [self.plain(k) for k in node.kids]
            return f' {self.operator(node)} '.join(parts) if all(parts) else None
        return None

    @functools.lru_cache(None)
    def place(self, node):
        """Where in the function a piece is."""
        child = node
        while child.parent:
            p = child.parent
            loop = next((l for l in self.loops if l.node is p), None)
            if p.kind == 'ARRAY_SUBSCRIPT_EXPR' and child is p.kids[1]:
                return f', in an index of {self.words(p)}'
            if p.kind == 'CALL_EXPR' and child is not p.kids[0] and len(p.kids) > 2:
                return f', in the {ORDINAL[p.kids.index(child) - 1]} argument of `{p.name}`'
            if p.kind == 'CALL_EXPR' and child is not p.kids[0] and p.parent.kind in ('COMPOUND_STMT', 'FOR_STMT', 'IF_STMT'):
                return f', in the call of `{p.name}`'
            if (self.is_assignment(p) or p.kind == 'COMPOUND_ASSIGNMENT_OPERATOR') and len(p.kids) == 2:
                did, to = ASSIGNED.get(self.operator(p), ('set', 'to'))
                target = self.words(p.kids[0])
                if child is p.kids[0]:
                    return f', where {target} is written'
                return f', in what {target} is set to' if did == 'set' else f', in what is {did} {to} {target}'
            if p.kind == 'VAR_DECL':
                return f', in what {self.role(p)} starts with' if self.written.get(p.name) else f', in {self.role(p)}'
            if p.kind == 'RETURN_STMT':
                return ', in what is returned'
            if loop and child is not loop.body:
                return f', in the head of {loop.says()}'
            if p.kind == 'IF_STMT' and child is p.kids[0] or p.kind == 'CONDITIONAL_OPERATOR' and child is p.kids[0]:
                return ', in a condition' + self.within(p)
            if child.kind.endswith('_STMT'):
                break
            child = p
        return self.within(node)

    def within(self, node):
        loops = [l for l in self.loops if node.inside(l.body)]
        return f', in {loops[-1].says()}' if loops else ''

    # ---- Mutants ------------------------------------------------------------------------

    def add(self, node, kind, says, *edits):
        """One mutant; edits are (start, end, text)."""
        call = node if node.kind == 'CALL_EXPR' else node.above('CALL_EXPR')
        if call and call.name in ('grab', 'malloc', 'calloc') and (kind in ('bytes', 'exchanged') or kind == 'one more' and '+ 1' in edits[0][2]):
            kind = 'room'
        m = Mutant(self, edits, kind, says, node.start)
        m.place = self.place(node)
        if m.text not in self.seen:
            self.seen.add(m.text)
            self.mutants.append(m)

    def unchanged(self):
        return Mutant(self, (), '', '', self.start)

    def swap(self, node, kind, says, text):
        self.add(node, kind, says, (node.start, node.end, text))

    def all_mutants(self):
        if not self.made:
            self.made = True
            for node in self.body.all():
                handler = getattr(self, 'on_' + node.kind.lower(), None)
                if handler:
                    handler(node)
                if self.is_statement(node):
                    self.statement(node)
                if self.is_value(node):
                    self.value(node)
            self.larger()
        return self.mutants

    def is_value(self, node):
        """An expression that is read."""
        return node.kind in ('DECL_REF_EXPR', 'MEMBER_REF_EXPR', 'ARRAY_SUBSCRIPT_EXPR', 'CALL_EXPR', 'BINARY_OPERATOR',
                             'PAREN_EXPR') and not self.is_statement(node) and not self.is_assignment(node)

    # -- Operators

    def on_binary_operator(self, node):
        op, (a, b) = self.operator(node), node.kids
        low, high = self.operator_extent(node)
        where, loop = self.place(node), self.loop_of_condition(node)
        if op == '=':
            return self.on_compound_assignment_operator(node)
        for other in OTHERS.get(op, []):
            if other == '!=' and 'in the head of' in where: # of one that counts up
                continue
            if loop and {op, other} == {'<', '<='} or loop and {op, other} == {'>', '>='}:
                says = f'{loop.says()} ends one step too {"late" if "=" in other else "early"}'
            elif op in '<=>!===' and {op, other} in ({'<', '<='}, {'>', '>='}):
                says = f'a comparison {"holds for equal numbers as well" if "=" in other else "does not hold for equal numbers"}{where}'
            else:
                says = f'{NOUN[other]} is used where {NOUN[op]} belongs{where}'
            self.add(node, 'operator', says, (low, high, other))
        if op in ('<', '<=', '>', '>=', '==', '!=') and a.type == 'int' and b.type == 'int':
            for sign, more in (('+', 'late'), ('-', 'early')):
                if op.startswith('>'):
                    more = {'late': 'early', 'early': 'late'}[more]
                says = (f'{loop.says()} ends one step too {more}' if loop else
                        f'{self.words(b)} {sign} 1 is used where {self.words(b)} belongs{where}')
                self.add(node, 'bound', says, (b.start, b.end, f'({b.text} {sign} 1)'))
        if op in ('+', '-', '*', '/', '&&', '||', '%'):
            name = {'+': 'term', '-': 'term', '*': 'factor', '/': 'division by', '&&': 'condition', '||': 'condition', '%': 'remainder by'}[op]
            dropped = lambda x: f'the {name} {self.words(x)} is left out{where}' if op != '-' else f'the subtraction of {self.words(x)} is left out{where}'
            if not (a.type.endswith('*') and op in '+-' and False):
                self.add(node, 'dropped', dropped(b), (a.end, b.end, ''))
            if op in ('+', '*', '&&', '||'):
                self.add(node, 'dropped', dropped(a), (a.start, b.start, ''))
            elif op in '-/' and a.type == b.type:
                self.add(node, 'dropped', f'the term {self.words(a)} is left out{where}' if op == '-' else f'1 is divided, not {self.words(a)}{where}',
                         (a.start, a.end, '0' if op == '-' else '1'))
                self.add(node, 'exchanged', f'the two sides of {NOUN[op]} are exchanged{where}',
                         (a.start, a.end, f'({b.text})'), (b.start, b.end, f'({a.text})'))

    def on_compound_assignment_operator(self, node):
        op, (a, b) = self.operator(node), node.kids
        if a.type not in ('int', 'float', 'bool'):
            return
        low, high = self.operator_extent(node)
        what = self.words(a)
        for other in {'=': ['+=', '-=', '*='], '+=': ['=', '-=', '*='], '-=': ['=', '+='], '*=': ['=', '/=', '+='],
                      '/=': ['=', '*=', '-=']}.get(op, []):
            does = {'=': 'set', '+=': 'added to', '-=': 'subtracted from', '*=': 'multiplied', '/=': 'divided'}
            says = (f'{what} is {does[other]} where it should be {does[op]}' if {op, other} <= {'=', '*=', '/='} else
                    f'what is there is added to where {what} should be set' if (op, other) == ('=', '+=') else
                    f'{what} is overwritten where it should be added to' if (op, other) == ('+=', '=') else
                    f'`{other}` is used where `{op}` belongs, where {what} is written')
            self.add(node, 'assignment', says, (low, high, other))

    def on_unary_operator(self, node):
        op, kid = self.operator(node), node.kids[0]
        if op in ('!', '-', '~'):
            says = {'!': 'a “not” is left out', '-': 'a minus sign is left out', '~': 'a bitwise “not” is left out'}[op]
            self.swap(node, 'dropped', says + self.place(node), kid.text)
        elif op in ('++', '--'):
            other = {'++': '--', '--': '++'}[op]
            loop = next((l for l in self.loops if l.node is node.parent), None)
            what = self.words(kid)
            self.swap(node, 'step', f'{what} counts {"down" if op == "++" else "up"}, not {"up" if op == "++" else "down"}',
                      node.text.replace(op, other))
            if loop:
                self.swap(node, 'step', f'{loop.says()} takes every second step only', f'{kid.text} {op[0]}= 2')
            elif not self.is_statement(node):
                early = node.text.startswith(op)
                self.swap(node, 'step', f'{what} is changed {"after" if early else "before"} it is used, not {"before" if early else "after"}{self.place(node)}',
                          kid.text + op if early else op + kid.text)
                self.swap(node, 'dropped', f'{what} is not counted {"up" if op == "++" else "down"}{self.place(node)}', kid.text)

    # -- Constants

    def on_integer_literal(self, node):
        where, loop = self.place(node), self.loop_of_start(node)
        if node.parent.kind in ('CONSTANT_ARRAY',) or not node.text[0].isdigit():
            return
        for sign, word in (('+', 'large'), ('-', 'small')):
            says = f'the number {node.text} is one too {word}{where}'
            if loop:
                says = f'{loop.says()} begins one step too {"late" if sign == "+" else "early"}'
            elif self.in_index(node) and node.parent.kind == 'BINARY_OPERATOR' and self.operator(node.parent) in '+-':
                grows = (sign == '+') == (self.operator(node.parent) == '+' or node is node.parent.kids[0])
                says = f'an index is one too {"large" if grows else "small"}, where {self.words(node.above("ARRAY_SUBSCRIPT_EXPR"))} is read or written'
            self.swap(node, 'constant', says, f'({node.text} {sign} 1)')

    def on_character_literal(self, node):
        for sign, word in (('+', 'after'), ('-', 'before')):
            self.swap(node, 'constant', f'the byte {word} {node.text} is used where {node.text} belongs{self.place(node)}', f'({node.text} {sign} 1)')

    def on_string_literal(self, node):
        if len(node.text) > 3 and node.text[0] == '"':
            self.swap(node, 'constant', f'the last byte of {node.text} is missing{self.place(node)}',
                      (node.text[:node.text.rindex('\\')] if '\\' in node.text[-5:] else node.text[:-2]) + '"')

    def on_floating_literal(self, node):
        for new, says in (('0.0', '0 is'), ('1.0', '1 is'), (f'(0.5f * {node.text})', 'half of it is'), (f'(2 * {node.text})', 'twice as much is'),
                          (f'(-{node.text})', 'its negative is'), (f'(1.01f * {node.text})', '1 % more is')):
            self.swap(node, 'constant', f'{says} used where {node.text.rstrip("f")} belongs{self.place(node)}', new)

    def on_macro(self, node):
        if node.text == 'INFINITY':
            for new in ('1e4f', '100.0f', '1e9f', '1e10f', '1e30f', '2147483648.0f', '3.402823466e+38f', '0', '1', 'NAN'):
                self.swap(node, 'constant', f'{new.rstrip("f")} is used where INFINITY belongs{self.place(node)}'.replace('3.402823466e+38', 'FLT_MAX'), new)
            node = node.parent if node.parent.kind == 'UNARY_OPERATOR' else node
            p = node.parent
            if self.is_assignment(p) and node is p.kids[1]:
                self.add(p, 'product', f'{self.words(p.kids[0])} is multiplied by infinity where it should be set to it',
                         (*self.operator_extent(p), '*='))
                self.add(p, 'product', f'{self.words(p.kids[0])} is multiplied by 0 where it should be set to minus infinity',
                         (*self.operator_extent(p), '*='), (node.start, node.end, '0'))
                self.add(p, 'product', f'infinity is subtracted from {self.words(p.kids[0])} where it should be set',
                         (*self.operator_extent(p), '+='))
        elif '(' in node.text: # isfinite(x): another name for x
            for a, b, name in self.tokens:
                here = next((v for v in node.env if v.name == name), None) if node.start < a < node.end else None
                for other in node.env if here else ():
                    if other.name != name and other.type == here.type:
                        self.add(node, 'name', self.mixed(self.role(here), self.role(other)) + self.place(node), (a, b, other.name))
            if node.name.startswith('__builtin_is') or node.text.startswith('is'):
                for text in '1', '0':
                    self.swap(node, 'condition', f'{node.text.split("(")[0]} is taken to be {"true" if text == "1" else "false"} always{self.place(node)}', text)
        elif node.text in ('true', 'false'):
            self.swap(node, 'constant', f'{"false" if node.text == "true" else "true"} is used where {node.text} belongs{self.place(node)}',
                      'false' if node.text == 'true' else 'true')

    # -- Values: names, members, calls

    def value(self, node):
        """ One more, one less, a name of the same kind, a measure."""
        where, p = self.place(node), node.parent
        if node.kind in ('DECL_REF_EXPR', 'MEMBER_REF_EXPR') and node.type == 'int' and not self.is_target(node):
            for sign, word in (('+', 'large'), ('-', 'small')):
                loop = self.loop_of_start(node)
                says = (f'{loop.says()} begins one step too {"late" if sign == "+" else "early"}' if loop else
                        f'an index of {self.words(p)} is one too {word}' if p.kind == 'ARRAY_SUBSCRIPT_EXPR' else
                        f'{self.words(node)} {sign} 1 is used where {self.words(node)} belongs{where}')
                self.swap(node, 'one more', says, f'({node.text} {sign} 1)')
        if node.kind == 'DECL_REF_EXPR' and node.cursor.referenced and not (p.kind == 'CALL_EXPR' and node is p.kids[0]):
            for other in node.env:
                if other.name != node.name and other.type == node.type:
                    self.swap(node, 'name', self.mixed(self.role(node.cursor.referenced), self.role(other)) + where, other.name)
        if node.kind == 'MEMBER_REF_EXPR':
            record = node.kids[0].cursor.type.get_canonical()
            record = record.get_pointee() if record.kind.name == 'POINTER' else record
            for field in record.get_fields():
                if field.spelling != node.name and kind_of(field.type) == node.type:
                    self.add(node, 'name', f'`{field.spelling}` is used where `{node.name}` belongs{where}',
                             (node.end - len(node.name), node.end, field.spelling))
        if node.kind == 'ARRAY_SUBSCRIPT_EXPR' and node.type == 'float' and not self.is_target(node):
            self.swap(node, 'measure', f'the absolute value of {self.words(node)} is used{where}', f'fabsf({node.text})')
        if node.type == 'int' and node.kind == 'BINARY_OPERATOR' and self.operator(node) in '+-*/':
            for other in node.env:
                if other.type == 'int' and other.kind == 'PARM_DECL':
                    says = f'{self.role(other)} is used where {self.words(node)} belongs{where}'
                    self.swap(node, 'name', says, other.name)

    def mixed(self, right, wrong):
        return f'{wrong} is used where {right} belongs' if right != wrong else f'{right} is mistaken for a different one'.replace('one of the sums', 'a sum')

    def is_target(self, node):
        p = node.parent
        return bool(self.is_assignment(p) or p.kind == 'COMPOUND_ASSIGNMENT_OPERATOR') and node is p.kids[0] or (
            p.kind == 'UNARY_OPERATOR' and self.operator(p) in ('++', '--', '&'))

    def in_index(self, node):
        p = node.above('ARRAY_SUBSCRIPT_EXPR')
        return p is not None and node.inside(p.kids[1])

    def on_array_subscript_expr(self, node):
        inner = node.kids[0]
        if inner.kind == 'ARRAY_SUBSCRIPT_EXPR':
            a, b = inner.kids[1], node.kids[1]
            self.add(node, 'transposed', f'the two indices of {self.words(node)} are exchanged', (a.start, a.end, b.text), (b.start, b.end, a.text))

    def on_call_expr(self, node):
        name, arguments, where = node.name, node.kids[1:], self.place(node)
        if not node.kids or not name:
            return
        callee = node.kids[0]
        for group in (ONE_FLOAT, ONE_DOUBLE):
            if name in group:
                for other in group:
                    if other != name:
                        self.swap(callee, 'function', f'`{other}` is used where `{name}` belongs{where}', other)
                self.swap(node, 'measure', f'`{name}` is applied twice{where}', f'{name}({node.text})')
        for other in {'fmax': ['fmin'], 'fmaxf': ['fminf'], 'fmin': ['fmax'], 'fminf': ['fmaxf'], 'memcmp': ['strncmp']}.get(name, []):
            self.swap(callee, 'function', f'`{other}` is used where `{name}` belongs{where}', other)
        for other in sorted(self.others.get(signature(callee.cursor.type), ())):
            if other != name and node.type != 'void' or other != name and len(arguments) > 1:
                self.swap(callee, 'function', f'`{other}` is called where `{name}` belongs{where}', other)
        for text, says in APPROXIMATE.get(name, []):
            self.swap(node, 'approximation', f'{says} is used for `{name}(x)`{where}', text.format(arguments[0].text))
        for i, a in enumerate(arguments):
            for other in self.passed if a.type.endswith('*') and i else ():
                if other.text != a.text and ('void*' in (a.type, other.type) or a.type == other.type) and all(
                        d.start < node.start for d in self.root.all() if d.kind == 'VAR_DECL' and d.name == base(other)):
                    self.swap(a, 'name', f'{self.words(other)} is used where {self.words(a)} belongs{self.place(a)}', other.text)
            if a.type == node.type or node.type == 'float' and a.type == 'int':
                self.swap(node, 'dropped', f'`{name}` is not applied{where}' if len(arguments) == 1 else
                          f'the {ORDINAL[i]} argument of `{name}` is used where its result belongs{where}', f'({a.text})')
            for b in arguments[i + 1:]:
                if a.type == b.type and a.text != b.text:
                    j = arguments.index(b)
                    self.add(node, 'exchanged', f'the {ORDINAL[i]} and the {ORDINAL[j]} argument of `{name}` are exchanged',
                             (a.start, a.end, b.text), (b.start, b.end, a.text))
            if a.type in ('int',) and a.kind == 'BINARY_OPERATOR':
                for sign, word in (('+', 'large'), ('-', 'small')):
                    self.swap(a, 'one more', f'the {ORDINAL[i]} argument of `{name}` is one too {word}', f'({a.text} {sign} 1)')
        if self.is_statement(node) and node.type == 'void':
            self.add(node, 'twice', f'`{name}` is called twice{self.within(node)}', (node.start, node.start, node.text + '; '))

    def on_cxx_unary_expr(self, node):
        if node.text.startswith('sizeof'):
            self.swap(node, 'bytes', f'elements are counted where bytes belong{self.place(node)}', '1')
            self.swap(node, 'bytes', f'the size of a pointer is used where the size of what it points to belongs{self.place(node)}', 'sizeof(void *)')

    def on_conditional_operator(self, node):
        c, a, b = node.kids
        self.swap(node, 'condition', f'only the first of two cases is there{self.place(node)}', f'({a.text})')
        self.swap(node, 'condition', f'only the second of two cases is there{self.place(node)}', f'({b.text})')
        self.add(c, 'condition', f'the two cases are exchanged{self.place(node)}', (c.start, c.end, f'!({c.text})'))

    def on_cstyle_cast_expr(self, node):
        kid = node.kids[-1]
        written = self.source[node.start + 1:kid.start].split(')')[0].strip()
        self.swap(node, 'cast', f'the cast to `{written}` is left out{self.place(node)}', kid.text)
        for other in NARROWER.get(written, []):
            self.add(node, 'narrowed', f'`{other}` is used where `{written}` belongs{self.place(node)}',
                     (node.start + 1, node.start + 1 + len(written), other))

    # -- Statements, loops and declarations

    def statement(self, node):
        """Left out; a way out before its time."""
        kind, loop = node.kind, next((l for l in self.loops if l.node is node), None)
        if kind in ('COMPOUND_STMT', 'DECL_STMT', 'NULL_STMT'):
            return
        says = None
        if kind == 'CALL_EXPR':
            says = f'the call of `{node.name}` is left out'
        elif kind in ('BINARY_OPERATOR', 'COMPOUND_ASSIGNMENT_OPERATOR') and node.kids[0]:
            op, what = self.operator(node), self.words(node.kids[0])
            says = {'=': f'{what} is not set', '+=': f'nothing is added to {what}', '-=': f'nothing is subtracted from {what}',
                    '*=': f'{what} is not multiplied', '/=': f'{what} is not divided'}.get(op, f'{what} is not changed')
        elif kind == 'UNARY_OPERATOR':
            says = f'{self.words(node.kids[0])} is not counted'
        elif loop:
            says = f'{loop.says()} is left out'
        elif kind == 'IF_STMT':
            says = 'a condition and what follows from it are left out'
        elif kind == 'RETURN_STMT':
            says = 'a return is left out'
        elif kind in ('BREAK_STMT', 'CONTINUE_STMT'):
            says = f'a `{node.text}` is left out'
        if says:
            self.add(node, 'free' if kind == 'CALL_EXPR' and node.name == 'free' else 'statement', says + self.within(node), (node.start, node.end, ''))

    def on_if_stmt(self, node):
        test = node.kids[0]
        self.swap(test, 'condition', f'a condition always holds{self.within(node)}', '1')
        self.swap(test, 'condition', f'a condition never holds{self.within(node)}', '0')
        self.swap(test, 'condition', f'a condition is turned round{self.within(node)}', f'!({test.text})')
        if len(node.kids) == 3:
            self.add(node, 'statement', f'what should be done otherwise (else) is left out{self.within(node)}', (node.kids[1].end, node.kids[2].end, ''
                     if node.kids[1].kind == 'COMPOUND_STMT' else ';') if node.kids[1].kind == 'COMPOUND_STMT' else (node.kids[2].start, node.kids[2].end, ''))

    def on_return_stmt(self, node):
        if node.kids and node.kids[0].type == 'int':
            for text, says in (('0', '0 is returned'), ('-1', '-1 is returned'), (f'({node.kids[0].text}) + 1', 'one too many is returned'),
                               (f'({node.kids[0].text}) - 1', 'one too few is returned')):
                self.swap(node.kids[0], 'returned', says, text)
        if node.kids and node.kids[0].type == 'float':
            self.measures(node.kids[0], '')

    def measures(self, node, where):
        for text, says in MEASURES:
            self.swap(node, 'measure', says + where, text.format(node.text))

    def loop_of_condition(self, node):
        return next((l for l in self.loops if l.test is node), None)

    def loop_of_start(self, node):
        return next((l for l in self.loops if l.first and node.inside(l.first) and l.first is not None), None)

    def on_var_decl(self, node):
        decl, first = node.parent, node.kids[-1] if node.kids and '=' in self.source[node.start:node.end] else None
        loop = next((l for l in self.loops if decl.parent is l.node and decl is not l.body), None)
        what, low = self.role(node), self.source[decl.start:node.end]
        written = self.type_text(decl)
        for wide in sorted(NARROWER, key=len, reverse=True):
            at = written.find(wide)
            if at >= 0 and written.replace('const ', '').strip() == wide:
                for other in NARROWER[wide]:
                    self.add(node, 'narrowed', f'{what} is of type `{other}` where `{wide}` belongs', (decl.start + at, decl.start + at + len(wide), other))
                break
        if loop:
            return
        if first and node.type in ('int', 'float', 'bool') and first.kind != 'INIT_LIST_EXPR':
            values = ['0', '1', '-1'] if node.type == 'int' else ['0', '1', '-1', '-100', '1024', '1e-30f', '-1e30f', 'INFINITY', '-INFINITY', 'FLT_MIN'] if node.type == 'float' else ['false', 'true']
            for value in values:
                self.swap(first, 'start', f'{what} starts at {value.rstrip("f") if value[-1] == "f" and value[0] in "-1" else value} where it should start differently', value)
            self.add(node, 'start', f'{what} has no value at first', (node.start + len(self.declarator(node)), node.end, ''))
            if node.type == 'float':
                self.measures(first, f', for {what}')
        if first and (first.kind.endswith('LITERAL') or first.kind == 'MACRO') and 'const' not in written and len(decl.kids) == 1:
            self.add(node, 'static', f'{what} is kept from one call to the next (static)', (decl.start, decl.start, 'static '))
        # The size of a local array.
        for kid in node.kids:
            if kid is not first and node.cursor.type.kind.name in ARRAYS and kid.type == 'int':
                for n in ('128', '1024'):
                    self.swap(kid, 'size', f'{what} has room for {n} numbers, whatever {self.words(kid)} is', n)
                self.swap(kid, 'size', f'{what} is one too short', f'({kid.text} - 1)')
        if first and first.kind == 'CALL_EXPR' and first.name == 'grab' and node.type.count('*') == 1:
            element = node.cursor.type.get_canonical().get_pointee().spelling
            freed = [n for n in self.root.all() if n.kind == 'CALL_EXPR' and n.name == 'free' and base(n.kids[1]) == node.name]
            for n in ('128', '1024'):
                self.add(node, 'size', f'{what} has room for {n} elements, however many there are', (first.start, first.end, f'({element}[{n}]){{0}}'),
                         *[(f.start, f.end, '') for f in freed])
            if any(n.kind == 'ARRAY_SUBSCRIPT_EXPR' and base(n) == node.name and not self.is_target(n) for n in self.body.all()):
                self.add(node, 'static', f'{what} is kept from one call to the next (static)',
                         (decl.start, decl.start, f'static {element} kept[1 << 20]; '), (first.start, first.end, 'kept'), *[(f.start, f.end, '') for f in freed])
                a, b = first.kids[1], first.kids[2]
                self.add(node, 'start', f'{what} is not set to 0 at first', (first.start, first.start, 'memset('),
                         (first.end, first.end, f', 0x3E, ({a.text}) * ({b.text}))'))
        # Not reset for each row: its declaration moves out of the loop around it; reset in the loop inside.
        around = [l for l in self.loops if decl.inside(l.body)]
        ops = self.written.get(node.name, [])
        if first and first.kind in ('INTEGER_LITERAL', 'FLOATING_LITERAL', 'MACRO') and ops and node.type in ('int', 'float', 'bool'):
            if around:
                moved = f'{{ {written} {self.source[node.start_of_name:node.end] if hasattr(node, "start_of_name") else node.name + " = " + first.text}; '
                others = self.without(decl, node)
                self.add(node, 'reset', f'{what} is not set back for each step of {around[-1].says()}', (around[-1].node.start, around[-1].node.start, moved),
                         others, (self.statement_end(around[-1].node), self.statement_end(around[-1].node), ' }'))
            for l in self.loops:
                if l not in around and any(w.inside(l.body) for _, w in ops):
                    self.add(node, 'reset', f'{what} is set back at each step of {l.says()}', (l.body.start, l.body.start, f'{{ {node.name} = {first.text}; '),
                             (self.statement_end(l.body), self.statement_end(l.body), ' }'))

    def type_text(self, decl):
        """The type in front of a declaration's first name."""
        first = next(k for k in decl.kids if k.kind == 'VAR_DECL')
        at = next(a for a, b, s in self.tokens if a >= decl.start and s == first.name)
        return self.source[decl.start:at]

    def declarator(self, node):
        """A variable's declaration up to its value."""
        at = next(a for a, b, s in self.tokens if a >= node.start and s == '=')
        return self.source[node.start:at].rstrip()

    def without(self, decl, node):
        """The edit that takes one variable out of a declaration."""
        names = [k for k in decl.kids if k.kind == 'VAR_DECL']
        if len(names) == 1:
            return (decl.start, decl.end, ';')
        i = names.index(node)
        if i == 0:
            at = next(a for a, b, s in self.tokens if a >= decl.start and s == node.name)
            return (at, next(a for a, b, s in self.tokens if a > node.end and s == names[1].name), '')
        return (names[i - 1].end, node.end, '')

    # -- Larger ones

    def larger(self):
        for loop in self.loops:
            loop.mutate()
        for p in self.params:
            uses = [n for n in self.body.all() if n.kind == 'DECL_REF_EXPR' and n.name == p.name]
            if p.type in ('int', 'float') and uses and not self.written.get(p.name):
                for value in '1234' if p.type == 'int' else ('1e-5f', '0.0f', '1.0f', '2.0f'):
                    self.add(self.body, 'throughout', f'`{p.name}` is taken to be {value.rstrip("f")}, whatever it is', *[(n.start, n.end, value) for n in uses])
            self.outputs(p)
            for q in self.params:
                if q.name == p.name or q.type != p.type or not uses:
                    continue
                self.add(self.body, 'throughout', f'`{q.name}` is used for `{p.name}` throughout', *[(n.start, n.end, q.name) for n in uses])
                if p.name < q.name:
                    both = [n for n in self.body.all() if n.kind == 'DECL_REF_EXPR' and n.name in (p.name, q.name)]
                    self.add(self.body, 'throughout', f'`{p.name}` and `{q.name}` are exchanged throughout',
                             *[(n.start, n.end, q.name if n.name == p.name else p.name) for n in both])
            if p.type == 'int' and not self.written.get(p.name):
                for sign, word in (('+', 'large'), ('-', 'small')):
                    self.add(self.body, 'throughout', f'`{p.name}` is taken one too {word} throughout', *[(n.start, n.end, f'({p.name} {sign} 1)') for n in uses])
            t = p.cursor.type.get_canonical()
            element = t.element_type if t.kind.name in ARRAYS else t.get_pointee() if t.kind.name == 'POINTER' else None
            while element is not None and element.kind.name in ARRAYS:
                element = element.element_type
            if element is not None and element.is_const_qualified() and element.kind.name not in ('RECORD', 'ELABORATED', 'VOID'):
                plain = element.spelling.replace('const ', '')
                self.add(self.body, 'input', f'`{p.name}` is written to, though it is only to be read',
                         (self.body.start + 1, self.body.start + 1, f' *(volatile {plain} *)(size_t){p.name} = *(volatile {plain} *)(size_t){p.name};'))
        members = {}
        for n in self.body.all():
            if n.kind == 'MEMBER_REF_EXPR':
                members.setdefault((n.name, n.type), []).append(n)
        for (a, kind), uses in members.items():
            for (b, other), theirs in members.items():
                if a < b and kind == other:
                    self.add(self.body, 'throughout', f'`{a}` and `{b}` are exchanged throughout',
                             *[(n.end - len(a), n.end, b) for n in uses], *[(n.end - len(b), n.end, a) for n in theirs])
        self.results()
        self.early()

    def outputs(self, p):
        """Only this array is written; all but it; it is set to 0 first where it should be added to."""
        writes = [(name, op, n) for name, ops in self.written.items() for op, n in ops if self.is_statement(n)
                  and any(q.name == name and q.type.endswith('*') for q in self.params)]
        mine = [n for name, op, n in writes if name == p.name]
        others = [n for name, op, n in writes if name != p.name]
        if mine and others:
            self.add(self.body, 'outputs', f'nothing is written to `{p.name}`', *[(n.start, n.end, '') for n in mine])
            self.add(self.body, 'outputs', f'only `{p.name}` is written', *[(n.start, n.end, '') for n in others])
        if p.kids and any(name == p.name and op == '+=' for name, op, n in writes):
            self.add(self.body, 'outputs', f'`{p.name}` is set to 0 first, where it should be added to',
                     (self.body.start + 1, self.body.start + 1, f' memset({p.name}, 0, sizeof *{p.name} * (size_t)({p.kids[-1].text}));'))

    def results(self):
        """The result in a different measure; a mean for a sum and a sum for a mean."""
        for name, ops in self.written.items():
            for op, node in ops:
                if node.kind == 'UNARY_OPERATOR':
                    continue
                target, value = node.kids
                if target.type == 'float' and value.kind not in ('INTEGER_LITERAL',):
                    self.measures(value, f', where {self.words(target)} is {ASSIGNED.get(op, ("set", ""))[0]}')
        for loop in self.loops:
            if not loop.bound:
                continue
            for name, ops in self.written.items():
                decl = next((d for d in self.body.all() if d.kind == 'VAR_DECL' and d.name == name and d.type == 'float'), None)
                if decl and any(op == '+=' and w.inside(loop.body) for op, w in ops):
                    for use in self.body.all():
                        if use.kind == 'DECL_REF_EXPR' and use.name == name and not self.is_target(use) and use.start > loop.node.end:
                            self.swap(use, 'mean', f'the mean over {self.words(loop.bound)} is used where the sum belongs{self.place(use)}',
                                      f'({name} / (float)({loop.bound.text}))')

    def early(self):
        """A return before the work is done."""
        void = self.root.cursor.result_type.kind.name == 'VOID'
        for loop in self.loops:
            if void:
                end = self.statement_end(loop.node)
                self.add(loop.node, 'early', f'the function ends after {loop.says()}', (loop.node.start, loop.node.start, '{ '), (end, end, ' return; }'))
        if void and self.body.kids:
            self.add(self.body, 'early', 'nothing is done at all', (self.body.start + 1, self.body.start + 1, ' return;'))
        for value in () if void else ('0', '1', '-1'):
            self.add(self.body, 'early', f'{value} is returned at once', (self.body.start + 1, self.body.start + 1, f' return {value};'))


class Loop:
    """A loop: its index, where it begins and ends, its steps."""

    def __init__(self, function, node):
        self.f, self.node, self.index = function, node, None
        self.decl = self.first = self.test = self.bound = self.step = None
        self.body = node.kids[0] if node.kind == 'DO_STMT' else node.kids[-1]
        head = node.kids[:-1]
        if node.kind == 'FOR_STMT':
            semicolons, depth = [], 0
            for a, b, s in function.tokens:
                if node.start <= a < self.body.start:
                    depth += (s == '(') - (s == ')')
                    if s == ';' and depth == 1:
                        semicolons.append(a)
            for kid in head:
                if kid.start < semicolons[0]:
                    decls = [d for d in kid.kids if d.kind == 'VAR_DECL']
                    if decls:
                        self.decl, self.index = decls[0], decls[0].name
                        self.first = decls[0].kids[-1] if decls[0].kids else None
                elif kid.start < semicolons[1]:
                    self.test = kid
                else:
                    self.step = kid
            if self.index is None and self.step:
                self.index = base(self.step)
        elif node.kind == 'WHILE_STMT':
            self.test = head[0]
        test = self.test
        while test and test.kind == 'BINARY_OPERATOR' and function.operator(test) == '&&':
            test = test.kids[0]
        if test and test.kind == 'BINARY_OPERATOR' and function.operator(test) in ('<', '<=', '>', '>='):
            self.test = test
            self.bound = test.kids[1]

    def says(self):
        """ "the loop over `t`": by its index if the task has it, else by its bound, else by where it is."""
        f = self.f
        if self.node.kind == 'WHILE_STMT':
            return 'the inner loop' if any(self.node.inside(l.body) for l in f.loops if l is not self) else 'a loop' if len(f.loops) > 1 else 'the loop'
        if self.index and f.known(self.index) and len(self.index) == 1 and self.index != 'a':
            same = [l for l in f.loops if l.index == self.index]
            return f'{"the" if len(same) == 1 else "a"} loop over `{self.index}`'
        if len(f.loops) == 1:
            return 'the loop'
        bound = self.bound and f.plain(self.bound)
        if bound and not bound[0].isdigit():
            same = [l for l in f.loops if l.bound and f.plain(l.bound) == bound]
            return f'{"the" if len(same) == 1 else "a"} loop up to `{bound}`'
        inside = [l for l in f.loops if l is not self and l.node.inside(self.body)]
        around = [l for l in f.loops if l is not self and self.node.inside(l.body)]
        return 'an inner loop' if around else 'the outer loop' if inside else 'a loop'

    def mutate(self):
        """Only the first step, only the last, only the diagonal, backwards."""
        f, body, end = self.f, self.body, self.f.statement_end(self.body)
        says = self.says()
        f.add(self.node, 'only', f'only the first step of {says} is made', (body.start, body.start, '{ '), (end, end, ' break; }'))
        if not (self.first and self.bound and self.index):
            return
        first, bound = self.first, self.bound
        last = bound.text if f.operator(self.test) in ('<=', '>=') else f'({bound.text}) - 1'
        if f.operator(self.test) in ('<', '<='):
            f.swap(first, 'only', f'only the last step of {says} is made', last)
            step = self.step and self.step.text.replace(' ', '')
            if step and (step.startswith(self.index + '++') or step.startswith('++')):
                stop = f'{bound.text} + 1' if f.operator(self.test) == '<=' else bound.text
                f.add(self.node, 'backwards', f'{says} runs backwards', (first.start, first.end, stop),
                      (self.test.start, self.test.end, f'{self.index}-- > ({first.text})'), (self.step.start, self.step.end, ''))
            for p in first.env:
                if p.kind == 'PARM_DECL' and p.type == 'int' and p.name != bound.text:
                    f.swap(bound, 'bound', f'{says} ends at `{p.name}`', p.name)
            if first.kind != 'INTEGER_LITERAL':
                f.swap(first, 'bound', f'{says} begins at 0', '0')
        uses = [n for n in body.all() if n.kind == 'DECL_REF_EXPR' and n.name == self.index]
        for sign, word in (('+', 'later'), ('-', 'earlier')):
            f.add(body, 'throughout', f'all is done one step {word}, in {says}', *[(n.start, n.end, f'({self.index} {sign} 1)') for n in uses])
        for other in f.loops:
            if other is not self and other.index and self.node.inside(other.body):
                both = [n for n in body.all() if n.kind == 'DECL_REF_EXPR' and n.name in (self.index, other.index)]
                f.add(body, 'throughout', f'the indices of {other.says()} and of {says} are exchanged',
                      *[(n.start, n.end, other.index if n.name == self.index else self.index) for n in both])
                if other.bound and other.bound.text == bound.text and f.operator(self.test) == '<':
                    where = f.role(other.decl) if other.decl else 'the outer index'
                    f.swap(bound, 'bound', f'{says} ends at {where}', f'({other.index} + 1)')
                    f.swap(bound, 'bound', f'{says} ends before {where}', other.index)
                    f.swap(first, 'bound', f'{says} begins at {where}', other.index)
                    f.swap(first, 'bound', f'{says} begins after {where}', f'({other.index} + 1)')
            if other is not self and other.index and self.node.inside(other.body) and other.bound and other.bound.text == bound.text:
                f.add(body, 'only', f'{says} keeps to the diagonal', (body.start, body.start, f'{{ if ({self.index} != {other.index}) continue; '), (end, end, ' }'))


def base(node):
    """The name of the variable that an expression reads or writes."""
    while node.kids and node.kind != 'DECL_REF_EXPR':
        node = node.kids[0]
    return node.name


def signature(t):
    t = t.get_canonical()
    t = t.get_pointee() if t.kind.name == 'POINTER' else t
    if t.kind.name != 'FUNCTIONPROTO':
        return t.spelling
    return ' '.join(kind_of(a) for a in t.argument_types()) + ' -> ' + kind_of(t.get_result())


units = {}


def parse(header):
    if header not in units:
        units[header] = ci.Index.create().parse(header, ['-x', 'c', '-std=c11', '-I.'],
                                               options=ci.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
    return units[header]


def tool(*words):
    return subprocess.run(['build/00_book', *words], stdout=subprocess.PIPE, text=True, encoding='latin-1', check=True).stdout


def exercises():
    """Pairs (stem, name) of all exercises."""
    return [line.split() for line in tool('exercises').splitlines()]


def function(stem, name):
    return Function(f'src/{stem}.h', name, tool('show', 'stub', name))
