/* The maps that come with penstock, one of them changed, for a configuration of tests. */
#ifndef PENSTOCK_TESTS_KIT_MAP_FOLDER_H
#define PENSTOCK_TESTS_KIT_MAP_FOLDER_H

/* A new folder with all maps; in file `from` is replaced by `to`, once: "when: x" behind
   a line that is there.  ENGINE_MAPS names it until map_folder_remove(). */
void map_folder_make(const char *file, const char *from, const char *to);
void map_folder_remove(void);

#endif
