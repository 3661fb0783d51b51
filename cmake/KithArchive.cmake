# kith_static, the archive. A plain archive would lay every internal symbol, and those of SQLite, libidn2 and
# fmt, open to collisions with the host's own. So where GNU's tools allow it, all is linked into one object in
# which only what kith.h declares stays global; the archive then also needs nothing but the C++ runtime.
find_program(KITH_OBJCOPY NAMES ${CMAKE_OBJCOPY} objcopy)
mark_as_advanced(KITH_OBJCOPY)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND KITH_OBJCOPY
   AND KITH_SQLITE_COMPILED AND KITH_STATIC_DEPS AND NOT KITH_SANITIZED AND NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  set(KITH_SEALED_ARCHIVE ON)
else()
  set(KITH_SEALED_ARCHIVE OFF)
endif()

if(KITH_SEALED_ARCHIVE)
  set(object "${PROJECT_BINARY_DIR}/generated/kith_sealed.o")
  add_custom_command(
    OUTPUT "${object}"
    COMMAND "${CMAKE_LINKER}" -r --force-group-allocation -o "${object}"
            ${KITH_ALL_OBJECTS} "${KITH_IDN2}" "${KITH_UNISTRING}" "${KITH_MD}"
    COMMAND "${KITH_OBJCOPY}" "--keep-global-symbols=${KITH_EXPORTS}" "${object}"
    DEPENDS "${KITH_EXPORTS}" ${KITH_ALL_OBJECTS} "${KITH_IDN2}" "${KITH_UNISTRING}" "${KITH_MD}"
    COMMAND_EXPAND_LISTS VERBATIM
    COMMENT "Linking all of the library into one object")
  set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_library(kith_static STATIC "${object}")
  # What C++ needs is named as libraries, not as a language, so that C projects can link it.
  set(KITH_RUNTIME_LIBS ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
  list(FILTER KITH_RUNTIME_LIBS INCLUDE REGEX "^(stdc\\+\\+|c\\+\\+|m)$")
  list(REMOVE_DUPLICATES KITH_RUNTIME_LIBS)
  target_link_libraries(kith_static INTERFACE ${KITH_RUNTIME_LIBS} Threads::Threads)
  set_target_properties(kith_static PROPERTIES LINKER_LANGUAGE C)
else()
  add_library(kith_static STATIC ${KITH_ALL_OBJECTS})
  set(KITH_RUNTIME_LIBS ${KITH_DEPENDENCY_LIBS})
  target_link_libraries(kith_static PRIVATE $<BUILD_INTERFACE:kith_sqlite> ${KITH_DEPENDENCY_LIBS})
  set_target_properties(kith_static PROPERTIES LINKER_LANGUAGE CXX)
endif()
add_library(kith::kith_static ALIAS kith_static)
kith_public(kith_static)
set_target_properties(kith_static PROPERTIES OUTPUT_NAME kith)
