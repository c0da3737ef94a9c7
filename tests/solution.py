"""A solution of an exercise, as libclang sees it, and the words for its pieces.

A reader's loop indices and variables have other names than the solution's, so these are named by
what they do ("the sum", "the loop over `t`"); names that the task itself uses are used.
"""
import functools
import subprocess

import clang.cindex as ci

ARRAYS = {'CONSTANTARRAY', 'INCOMPLETEARRAY', 'VARIABLEARRAY', 'DEPENDENTSIZEDARRAY'}
NOUN = {'+': 'a sum', '-': 'a difference', '*': 'a product', '/': 'a quotient', '%': 'a remainder',
        '&': 'a bitwise and', '|': 'a bitwise or', '^': 'a bitwise xor', '<<': 'a shift to the left',
        '>>': 'a shift to the right', '&&': '“and”', '||': '“or”', '<': '“less than”',
        '<=': '“at most”', '>': '“greater than”', '>=': '“at least”', '==': '“equal”', '!=': '“not equal”'}
ASSIGNED = {'=': ('set', 'to'), '+=': ('added', 'to'), '-=': ('subtracted', 'from'),
            '*=': ('multiplied', 'into'), '/=': ('divided', 'into')}
ORDINAL = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth',
           'eleventh', 'twelfth']

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


class Solution:
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
        self.loops, self.written = [], {}
        self.look(self.body, list(self.params))
        self.own_names = [next((a, b) for a, b, s in self.tokens if s == name)] + [
            (n.start, n.end) for n in self.body.all() if n.kind == 'DECL_REF_EXPR' and n.cursor.referenced == cursor]
        # Arrays and pointers that are arguments of calls.
        self.passed = {a.text: a for n in self.body.all() if n.kind == 'CALL_EXPR'
                       for a in n.kids[1:] if a.type.endswith('*')}.values()

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
        loop = self.loop_at(p)
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
                                                         d.cursor.location.offset == decl.location.offset), None)
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
            return self.sum(node)
        if '++' in ops or '--' in ops:
            return 'the counter'
        if '=' in ops and self.is_extreme(name):
            return self.is_extreme(name)
        first = self.first_value(node)
        made = self.arrays(first) if first and not ops and node.type == 'float' else []
        call = next((n.name for n in first.all() if n.kind == 'CALL_EXPR'), None) if first and not ops else None
        return ('the number made from ' + ' and '.join(f'`{name}`' for name in made) if made else
                f'the number made with `{call}`' if call and node.type == 'float' else
                {'bool': 'a flag', 'float': 'an intermediate result', 'int': 'an intermediate number'
                 }.get(node.type, 'a local variable'))

    def arrays(self, node):
        """The names of the arrays among the parameters that an expression reads."""
        return sorted({n.name for n in node.all() if n.kind == 'DECL_REF_EXPR' and n.type.endswith('*')
                       and any(p.name == n.name for p in self.params)})

    def sum(self, node):
        """ "the sum", or if there are several, "the sum taken over `a` and `b`", after the arrays in it."""
        sums = {d.name: sorted({name for op, w in self.written[d.name] if op == '+=' for name in self.arrays(w.kids[1])})
                for d in self.root.all() if d.kind == 'VAR_DECL' and d.type == 'float'
                and any(op == '+=' for op, _ in self.written.get(d.name, []))}
        mine = sums[node.name]
        if len(sums) == 1:
            return 'the sum'
        if not mine or list(sums.values()).count(mine) > 1:
            return 'one of the sums'
        return 'the sum taken over ' + ' and '.join(f'`{name}`' for name in mine)

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
            loop = self.loop_at(p)
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

    # ---- Pieces of declarations, and what a node is -----------------------------------

    def first_value(self, node):
        """What a variable is declared with, or None."""
        return node.kids[-1] if node.kids and '=' in self.source[node.start:node.end] else None

    def type_text(self, decl):
        """The type in front of a declaration's first name."""
        first = next(k for k in decl.kids if k.kind == 'VAR_DECL')
        at = next(a for a, b, s in self.tokens if a >= decl.start and s == first.name)
        return self.source[decl.start:at]

    def declarator(self, node):
        """A variable's declaration up to its value."""
        at = next(a for a, b, s in self.tokens if a >= node.start and s == '=')
        return self.source[node.start:at].rstrip()

    def without(self, node):
        """The edit that takes one variable out of its declaration."""
        decl = node.parent
        names = [k for k in decl.kids if k.kind == 'VAR_DECL']
        if len(names) == 1:
            return (decl.start, decl.end, ';')
        i = names.index(node)
        if i == 0:
            at = next(a for a, b, s in self.tokens if a >= decl.start and s == node.name)
            return (at, next(a for a, b, s in self.tokens if a > node.end and s == names[1].name), '')
        return (names[i - 1].end, node.end, '')

    def is_target(self, node):
        p = node.parent
        return bool(self.is_assignment(p) or p.kind == 'COMPOUND_ASSIGNMENT_OPERATOR') and node is p.kids[0] or (
            p.kind == 'UNARY_OPERATOR' and self.operator(p) in ('++', '--', '&'))

    def in_index(self, node):
        p = node.above('ARRAY_SUBSCRIPT_EXPR')
        return p is not None and node.inside(p.kids[1])

    def is_value(self, node):
        """An expression that is read."""
        return node.kind in ('DECL_REF_EXPR', 'MEMBER_REF_EXPR', 'ARRAY_SUBSCRIPT_EXPR', 'CALL_EXPR', 'BINARY_OPERATOR',
                             'PAREN_EXPR') and not self.is_statement(node) and not self.is_assignment(node)

    def loop_at(self, node):
        """The loop that a node is."""
        return next((l for l in self.loops if l.node is node), None)

    def loop_of_condition(self, node):
        return next((l for l in self.loops if l.test is node), None)

    def loop_of_start(self, node):
        return next((l for l in self.loops if l.first and node.inside(l.first) and l.first is not None), None)


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
        inside = [l for l in f.loops if l is not self and l.node.inside(self.body)]
        around = [l for l in f.loops if l is not self and self.node.inside(l.body)]
        if self.node.kind == 'WHILE_STMT':
            return 'the inner loop' if around else 'a loop' if len(f.loops) > 1 else 'the loop'
        if self.index and f.known(self.index) and len(self.index) == 1 and self.index != 'a':
            same = [l for l in f.loops if l.index == self.index]
            return f'{"the" if len(same) == 1 else "a"} loop over `{self.index}`'
        if len(f.loops) == 1:
            return 'the loop'
        bound = self.bound and f.plain(self.bound)
        if bound and not bound[0].isdigit():
            same = [l for l in f.loops if l.bound and f.plain(l.bound) == bound]
            return f'{"the" if len(same) == 1 else "a"} loop up to `{bound}`'
        return 'an inner loop' if around else 'the outer loop' if inside else 'a loop'


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
