/* flexmetrics: trustworthy figures of an employment programme, on the command line. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Puts one option as two columns: what to type, what it does. */
static void put_option(buffer *b, int k)
{
  enum { COLUMN = 26 };
  buffer typed = {0}, key = {0};
  put(&typed, "  --");
  put(&typed, options[k].name);
  if (options[k].value != NULL) {
    buffer name = {0};
    put(&name, "value.");
    put(&name, options[k].value);
    put(&typed, " ");
    put(&typed, has_word(name.data) ? text(name.data) : options[k].value);
    free(name.data);
  }
  put(&key, options[k].commands == SDMX ? "option.sdmx." : "option.");
  put(&key, options[k].name);
  put(b, typed.data);
  if (width_of(typed.data) >= COLUMN - 1)
    put(b, "\n");
  put_padded(b, "", width_of(typed.data) < COLUMN - 1 ? COLUMN - width_of(typed.data) : COLUMN);
  put_wrapped(b, text(key.data), COLUMN, COLUMN);
  free(typed.data);
  free(key.data);
}

static void put_options(buffer *b, const char *heading, int first, int last, int mask)
{
  bool any = false;
  for (int k = first; k <= last; k++) {
    if ((options[k].commands & mask) == 0)
      continue;
    if (!any) {
      put(b, "\n");
      put(b, text(heading));
      put(b, "\n");
    }
    any = true;
    put_option(b, k);
  }
}

static void put_command_help(buffer *b, const command *c)
{
  static const char *const sections[] = {"help.", "examples."};
  put_text(b, "help.usage", c->name, text(c->usage), NULL);
  for (size_t i = 0; i < COUNT(sections); i++) {
    buffer key = {0};
    put(&key, sections[i]);
    put(&key, c->name);
    if (i > 0)
      put(b, text(key.data));
    else
      put_wrapped(b, text(key.data), 0, 0);
    free(key.data);
    if (i > 0)
      continue;
    put_options(b, "help.options", O_AS_OF, O_ALL, c->id);
    put_options(b, "help.exchange", O_SDMX_VERSION, O_LISTS, c->id);
    put_options(b, "help.output", O_FORMAT, O_OUT, c->id);
    put_options(b, "help.reading", O_DATE_FORMAT, O_SKIP_BAD, c->id);
    put_options(b, "help.always", O_THREADS, O_VERSION, c->id);
  }
}

int show_help(const command *c)
{
  args none = {0};
  buffer b = {0};
  if (c != NULL)
    put_command_help(&b, c);
  else
    put_text(&b, "help", fm_version(), NULL);
  int code = write_out(&none, b.data, b.size);
  free(b.data);
  return code;
}

int main(int argc, char **argv)
{
  args a;
  prepare_system(&argc, &argv);
  int code = args_read(&a, argc, argv);
  if (code == EXIT_DONE && a.given[O_HELP] != NULL) {
    code = show_help(a.command);
  } else if (code == EXIT_DONE && a.given[O_VERSION] != NULL) {
    args none = {0};
    buffer b = {0};
    put(&b, "flexmetrics ");
    put(&b, fm_version());
    put(&b, "\n");
    code = write_out(&none, b.data, b.size);
    free(b.data);
  } else if (code == EXIT_DONE) {
    code = a.command->run(&a);
  }
  args_free(&a);
  return code;
}
