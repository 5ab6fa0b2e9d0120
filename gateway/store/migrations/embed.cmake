# Writes the scripts of this folder into one C file:
#
#     cmake -D FOLDER=gateway/store/migrations -D OUTPUT=migrations.c -P embed.cmake
#
# 001-first.sql is the first to run, and no number may be missing or be there twice.
file(GLOB scripts ${FOLDER}/*.sql)
list(SORT scripts)
set(texts "")
set(rows "")
set(count 0)
foreach(script IN LISTS scripts)
  math(EXPR count "${count} + 1")
  get_filename_component(name ${script} NAME_WE)
  string(REGEX MATCH "^0*([0-9]+)-" number "${name}")
  if(NOT CMAKE_MATCH_1 STREQUAL "${count}")
    message(FATAL_ERROR "${script}: number ${count} comes next: each migration has its own number")
  endif()
  file(READ ${script} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(APPEND texts "static const char text_${count}[] = {\n${bytes}0 };\n\n")
  string(APPEND rows "    { \"${name}\", text_${count} },\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by embed.cmake out of the scripts in gateway/store/migrations. */
#include \"gateway/store/sqlite_schema.h\"

${texts}const struct sqlite_migration sqlite_migrations[] = {\n${rows}};

const size_t sqlite_migration_count = ${count};
")
