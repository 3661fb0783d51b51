# Which SQLite runs. Defines the interface target kith_sqlite: what our sources need to use it; and, when it
# is compiled in, the object library kith_sqlite_objects.
set(kith_sqlite "${KITH_SQLITE}")
if(kith_sqlite STREQUAL "")
  set(kith_sqlite "${PROJECT_SOURCE_DIR}/.deps/sqlite3")
  if(NOT EXISTS "${kith_sqlite}/sqlite3.c")
    set(kith_sqlite system)
  endif()
endif()

add_library(kith_sqlite INTERFACE)
if(kith_sqlite STREQUAL "system")
  find_package(SQLite3 REQUIRED)
  # 3.51.3 ends a bug by which two connections that write and checkpoint at once can corrupt the file.
  if(SQLite3_VERSION VERSION_LESS 3.51.3)
    message(WARNING "Kith: the system's SQLite ${SQLite3_VERSION} is older than 3.51.3 and can corrupt a file "
                    "that several connections write. Run ./dev setup, or set KITH_SQLITE to a newer one's folder.")
  endif()
  target_link_libraries(kith_sqlite INTERFACE SQLite::SQLite3)
  set(KITH_SQLITE_COMPILED OFF)
else()
  if(NOT EXISTS "${kith_sqlite}/sqlite3.c" OR NOT EXISTS "${kith_sqlite}/sqlite3.h")
    message(FATAL_ERROR "Kith: KITH_SQLITE is \"${kith_sqlite}\", where sqlite3.c and sqlite3.h are not both to be found")
  endif()
  add_library(kith_sqlite_objects OBJECT "${kith_sqlite}/sqlite3.c")
  set_target_properties(kith_sqlite_objects PROPERTIES C_VISIBILITY_PRESET hidden POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(kith_sqlite_objects PRIVATE
    SQLITE_API= SQLITE_DQS=0 SQLITE_THREADSAFE=2 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_LIKE_DOESNT_MATCH_BLOBS
    SQLITE_OMIT_DEPRECATED SQLITE_OMIT_LOAD_EXTENSION SQLITE_ENABLE_FTS5 SQLITE_ENABLE_STAT4
    SQLITE_SECURE_DELETE)
  if(NOT MSVC)
    # Not our code, so not our warnings; and fast in every build, for tests run it millions of times. Under a
    # sanitizer -O2 would compile for minutes, and what is undefined inside SQLite is not ours to find.
    target_compile_options(kith_sqlite_objects PRIVATE -w -ffunction-sections -fdata-sections
      $<IF:$<BOOL:${KITH_SANITIZED}>,-O1;-fno-sanitize=undefined,-O2>)
  endif()
  target_include_directories(kith_sqlite SYSTEM INTERFACE "${kith_sqlite}")
  set(KITH_SQLITE_COMPILED ON)
endif()
find_package(Threads REQUIRED)
target_link_libraries(kith_sqlite INTERFACE Threads::Threads)
message(STATUS "Kith: SQLite is ${kith_sqlite}")
