# Embeds src/schema/*.sql in a generated source, KITH_SCHEMA_SOURCE; src/schema/schema.h declares what it holds.
file(GLOB kith_schema_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/schema/*.sql")
set(KITH_SCHEMA_SOURCE "${PROJECT_BINARY_DIR}/generated/schema_files.cpp")
add_custom_command(
  OUTPUT "${KITH_SCHEMA_SOURCE}"
  COMMAND "${CMAKE_COMMAND}" "-DSCHEMA_DIR=${PROJECT_SOURCE_DIR}/src/schema" "-DOUT=${KITH_SCHEMA_SOURCE}"
          -P "${PROJECT_SOURCE_DIR}/cmake/embed_schema.cmake"
  DEPENDS ${kith_schema_files} "${PROJECT_SOURCE_DIR}/cmake/embed_schema.cmake"
  COMMENT "Embedding the schema"
  VERBATIM)
