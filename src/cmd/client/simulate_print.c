#include "client.h"

#include <stdlib.h>
#include <string.h>

#define SHARES_SHOWN 12 /* of one client; the others are counted together */
#define VALUES_SHOWN 4
#define BAR_WIDTH    20
#define CELL_SIZE    512

/* ---- an answer in a few words ---- */

static const char *answer_text(const json_t *answer, const char *between, size_t most, char *out)
{
    const json_t *values = json_object_get(answer, "values");
    const char *rcode = text_of(answer, "rcode");
    size_t count = json_array_size(values), size = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && i < most && size < CELL_SIZE; i++)
        size += (size_t)snprintf(out + size, CELL_SIZE - size, "%s%.100s", i > 0 ? between : "",
                                 json_string_value(json_array_get(values, i)));
    if (count > most && size < CELL_SIZE)
        snprintf(out + size, CELL_SIZE - size, " and %zu more", count - most);
    if (count == 0)
        snprintf(out, CELL_SIZE, "%s", strcmp(rcode, "NOERROR") == 0 ? "no answer" : rcode);
    return out;
}

/* ---- text ---- */

/* However small the share, something stands there. */
static const char *bar_text(double share, const struct style *style, char *out)
{
    unsigned width = (unsigned)(share * BAR_WIDTH + 0.5);
    out[0] = '\0';
    for (unsigned i = 0; i == 0 || i < width; i++)
        strcat(out, style->utf8 ? "█" : "#");
    return out;
}

/* The share with the higher count first. */
static int compare_shares(const void *a, const void *b)
{
    json_int_t left = number_of(*(json_t *const *)a, "count");
    json_int_t right = number_of(*(json_t *const *)b, "count");
    return (left < right) - (left > right);
}

/* The shares of a client in their order; the caller frees the list, not what is in it. */
static json_t **sorted_shares(const json_t *client, size_t *out_count)
{
    const json_t *shares = json_object_get(client, "answers");
    size_t count = json_array_size(shares);
    json_t **list = calloc(count + 1, sizeof(*list));
    if (list == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    for (size_t i = 0; i < count; i++)
        list[i] = json_array_get(shares, i);
    qsort(list, count, sizeof(json_t *), compare_shares);
    *out_count = count;
    return list;
}

struct sheet {
    struct table table;
    const struct style *style;
    const json_t *client;
    json_int_t total; /* questions of the client */
};

static void add_row(struct sheet *sheet, const char *answer, const char *through, json_int_t count)
{
    char number[32], share[24], bar[BAR_WIDTH * 4];
    double part = sheet->total > 0 ? (double)count / (double)sheet->total : 0;
    snprintf(share, sizeof(share), "%.1f%%", part * 100);
    const char *const cells[] = { text_of(sheet->client, "client"),
                                  text_of(sheet->client, "label"),
                                  answer,
                                  through,
                                  grouped(count, number),
                                  share,
                                  bar_text(part, sheet->style, bar) };
    table_add_row(&sheet->table, cells);
}

static void add_client(struct sheet *sheet, const json_t *answers, const json_t *client)
{
    size_t count, left = 0;
    json_t **shares = sorted_shares(client, &count);
    json_int_t others = number_of(client, "others");
    sheet->client = client;
    sheet->total = others;
    for (size_t i = 0; i < count; i++)
        sheet->total += number_of(shares[i], "count");
    for (size_t i = 0; i < count; i++) {
        char text[CELL_SIZE];
        const json_t *answer = json_array_get(answers, (size_t)number_of(shares[i], "answer"));
        if (i < SHARES_SHOWN) {
            add_row(sheet, answer_text(answer, " ", VALUES_SHOWN, text), text_of(answer, "members"),
                    number_of(shares[i], "count"));
        } else {
            others += number_of(shares[i], "count");
            left++;
        }
    }
    if (others > 0)
        add_row(sheet,
                left > 0 && number_of(client, "others") == 0 ? "other answers, less often"
                                                             : "other answers",
                NULL, others);
    free(shares);
}

static void print_group(FILE *out, const json_t *group)
{
    static const char *const heads[] = { "  SET", "WEIGHT", "TAKEN", "EXPECTED" };
    struct table table = { .columns = 4, .right = 1 << 1 | 1 << 2 | 1 << 3 };
    const json_t *members = json_object_get(group, "members"), *member;
    char number[32];
    size_t index;
    json_int_t degrees = number_of(group, "degrees_of_freedom");
    double p = json_number_value(json_object_get(group, "p_value"));
    fprintf(out, "\nweighted %s %s%s, %s draws\n", text_of(group, "owner"), text_of(group, "type"),
            json_is_true(json_object_get(group, "last_resort")) ? ", last resort" : "",
            grouped(number_of(group, "draws"), number));
    table_add_row(&table, heads);
    json_array_foreach(members, index, member)
    {
        char name[160], weight[24], taken[32], expected[32];
        snprintf(name, sizeof(name), "  %.128s", text_of(member, "set_identifier"));
        snprintf(weight, sizeof(weight), "%" JSON_INTEGER_FORMAT, number_of(member, "weight"));
        snprintf(expected, sizeof(expected), "%.1f",
                 json_number_value(json_object_get(member, "expected")));
        const char *const cells[] = { name, weight, grouped(number_of(member, "observed"), taken),
                                      expected };
        table_add_row(&table, cells);
    }
    table_print(&table, out);
    if (degrees > 0)
        fprintf(out,
                "  chi-square %.2f, %" JSON_INTEGER_FORMAT " degree%s of freedom, p = %.3g: %s\n",
                json_number_value(json_object_get(group, "chi_square")), degrees,
                degrees == 1 ? "" : "s", p,
                p < 0.001 ? "chance alone hardly strays so far" : "as the weights say");
    else
        fputs(json_array_size(members) > 1 ? "  too few draws for a chi-square test\n"
                                           : "  no other was in play\n",
              out);
}

void simulate_print(FILE *out, const json_t *result, const struct style *style)
{
    static const char *const heads[] = { "CLIENT", "LABEL", "ANSWER", "THROUGH",
                                         "COUNT",  "SHARE", " " };
    struct sheet sheet = {
        { .columns = style->terminal ? 7 : 6, .right = 1 << 4 | 1 << 5 }, style, NULL, 0
    };
    const json_t *answers = json_object_get(result, "answers"), *item;
    char number[32];
    size_t index;
    fprintf(out, "%s %s, %s questions (--seed %" JSON_INTEGER_FORMAT ")\n\n",
            text_of(result, "name"), text_of(result, "type"),
            grouped(number_of(result, "queries"), number), number_of(result, "seed"));
    table_add_row(&sheet.table, heads);
    json_array_foreach(json_object_get(result, "clients"), index, item)
        add_client(&sheet, answers, item);
    table_print(&sheet.table, out);
    json_array_foreach(json_object_get(result, "weighted"), index, item) print_group(out, item);
    if (!json_is_true(json_object_get(result, "complete")))
        fputs("\nThere were more weighted groups than are told here.\n", out);
}

/* ---- CSV ---- */

/* RFC 4180: quotes around whatever holds one, a comma or a line's end. */
static void print_cell(FILE *out, const char *text, const char *end)
{
    bool quoted = strpbrk(text, "\",\r\n") != NULL;
    if (quoted)
        fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fprintf(out, "%s%s", quoted ? "\"" : "", end);
}

static void print_csv_row(FILE *out, const json_t *client, const char *answer, const char *through,
                          json_int_t count)
{
    print_cell(out, text_of(client, "client"), ",");
    print_cell(out, text_of(client, "label"), ",");
    print_cell(out, answer, ",");
    print_cell(out, through, ",");
    fprintf(out, "%" JSON_INTEGER_FORMAT "\n", count);
}

void simulate_print_csv(FILE *out, const json_t *result)
{
    const json_t *answers = json_object_get(result, "answers"), *client, *share;
    size_t i, k;
    fputs("client,label,answer,through,count\n", out);
    json_array_foreach(json_object_get(result, "clients"), i, client)
    {
        json_array_foreach(json_object_get(client, "answers"), k, share)
        {
            char text[CELL_SIZE];
            const json_t *answer = json_array_get(answers, (size_t)number_of(share, "answer"));
            print_csv_row(out, client, answer_text(answer, " ", SIZE_MAX, text),
                          text_of(answer, "members"), number_of(share, "count"));
        }
        if (number_of(client, "others") > 0)
            print_csv_row(out, client, "other answers", "", number_of(client, "others"));
    }
}
