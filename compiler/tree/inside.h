/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to compiler/tree. What the parts of the reader share among themselves. */
#ifndef XSMC_TREE_INSIDE_H
#define XSMC_TREE_INSIDE_H

#include "tree/tree.h"

/* From `start` on this guard is in force, up to the next region. */
struct tree_region {
    uint32_t start;
    const struct tree_guard *guard;
};

/* A growing list of pointers. */
struct tree_list {
    void **items;
    unsigned int n, cap;
};

struct tree_parsed {
    struct tree_file file;              /* first: a tree_file is the beginning of one */
    struct tree_region *regions;
    unsigned int n_regions;
    struct tree_list functions;         /* of this file, in order */
};

/* The kinds of syntax nodes and fields that the index looks at, as numbers of the grammar. */
struct tree_symbols {
    TSSymbol function_definition, call_expression, switch_statement, case_statement, enumerator, initializer_pair,
        init_declarator, error, identifier, field_identifier, field_expression, parenthesized_expression,
        compound_statement, break_statement, return_statement, goto_statement, continue_statement, comment, if_statement,
        function_declarator, pointer_declarator, parenthesized_declarator, array_declarator, parameter_declaration,
        enumerator_list,
        storage_class_specifier, variadic_parameter, labeled_statement, else_clause, expression_statement, declaration;
    TSFieldId field_name, field_body, field_function, field_arguments, field_condition, field_value, field_declarator,
        field_parameters, field_type, field_field, field_designator, field_consequence, field_alternative;
};

struct tree {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
    TSParser *parser;
    const char *root;                   /* of tree_read() */
    bool with_database;                 /* CONFIG_XSM_DATABASE counts as set */
    struct tree_symbols symbols;
    struct tree_list files, functions, macros, enumerators, pointers, includes, gaps;
    struct tree_list by_source;         /* files, by their index in the sources */
    struct map files_by_path, functions_by_name, macros_by_name, enumerators_by_name, calls_by_name, pointers_by_field;
};

const TSLanguage *tree_sitter_c(void);

void tree_list_add(const struct tree *t, struct tree_list *list, void *item);
/* Adds to the list of that name in the map. */
void tree_map_add(struct tree *t, struct map *map, const char *name, void *item);

void tree_gap_add(struct tree *t, struct tree_parsed *p, uint32_t start, uint32_t end, const char *what);

/* Makes p->file.text, regions, macros and includes of the file's text. */
void tree_blank(struct tree *t, struct tree_parsed *p, const char *text);

/* Down to the name of a declarator; the function_declarator on the way, the innermost one, in *head unless NULL. */
TSNode tree_declared(const struct tree *t, TSNode d, TSNode *head);
/* The parameters of a parameter_list, and the words of [start, end) as a type. */
void tree_params(const struct tree *t, const struct tree_file *file, TSNode list, struct tree_param **found,
                 unsigned int *n_found);
const char *tree_type(const struct tree *t, const struct tree_file *file, uint32_t start, uint32_t end);

struct buf;
/* What a buffer holds, in the arena; the buffer is released. Memory that ran out while it was written ends the run. */
const char *tree_taken(struct arena *a, struct buf *b);

/* How many letters, digits and underscores a text begins with. */
size_t tree_word_len(const char *text);

/* Fills t->symbols. */
void tree_index_create(struct tree *t);
/* Adds what the syntax tree of the file holds. */
void tree_index(struct tree *t, struct tree_parsed *p);

#endif
