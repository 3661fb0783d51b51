# The library: kith_objects (everything under src, once), and from it kith (shared) and kith_static.
file(GLOB_RECURSE kith_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/*.cpp" "${PROJECT_SOURCE_DIR}/src/*.h")

add_library(kith_objects OBJECT ${kith_sources} "${KITH_SCHEMA_SOURCE}")
kith_flags(kith_objects)
set_target_properties(kith_objects PROPERTIES
  POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
target_compile_definitions(kith_objects PRIVATE KITH_BUILDING KITH_VERSION_STRING="${PROJECT_VERSION}")
target_include_directories(kith_objects PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
target_link_libraries(kith_objects PUBLIC kith_sqlite kith_dependencies)
if(NOT MSVC)
  target_compile_options(kith_objects PRIVATE -ffunction-sections -fdata-sections)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Unique symbols would outlive dlclose, and stay visible in the archive.
  target_compile_options(kith_objects PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
endif()

if(KITH_COVERAGE)  # the preset `coverage`: counted is what the library does, not what its tests do
  target_compile_options(kith_objects PRIVATE -fprofile-instr-generate -fcoverage-mapping)
endif()
set(KITH_ALL_OBJECTS $<TARGET_OBJECTS:kith_objects>)
if(KITH_SQLITE_COMPILED)
  list(APPEND KITH_ALL_OBJECTS $<TARGET_OBJECTS:kith_sqlite_objects>)
endif()

# Our public face: the include folder, in the build tree and once installed.
function(kith_public target)
  target_include_directories(${target} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
endfunction()

# The names that leave the library, one a line; tools/parse_header.py derives them from kith.h.
set(KITH_EXPORTS "${PROJECT_SOURCE_DIR}/bindings/kith.exports")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${KITH_EXPORTS}")

add_library(kith SHARED ${KITH_ALL_OBJECTS})
add_library(kith::kith ALIAS kith)
kith_public(kith)
set_target_properties(kith PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
target_link_libraries(kith PRIVATE $<BUILD_INTERFACE:kith_sqlite> ${KITH_DEPENDENCY_LIBS})
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  # Nothing but the functions of kith.h leaves the library. An archive of libidn2 carries symbols with a version of its own, and
  # the linker refuses them unless the script has a node of that name.
  file(STRINGS "${KITH_EXPORTS}" kith_exports)
  list(JOIN kith_exports ";\n    " kith_exports)
  set(kith_map "KITH_0 {\n  global:\n    ${kith_exports};\n  local: *;\n};\n")
  if(KITH_IDN2 MATCHES "\\.a$")
    string(APPEND kith_map "IDN2_0.0.0 {\n  local: _idn2*;\n};\n")
  endif()
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/kith.map" CONTENT "${kith_map}" @ONLY)
  target_link_options(kith PRIVATE -Wl,-z,defs -Wl,--exclude-libs,ALL -Wl,--gc-sections
                      "-Wl,--version-script=${PROJECT_BINARY_DIR}/generated/kith.map")
  set_property(TARGET kith APPEND PROPERTY LINK_DEPENDS "${PROJECT_BINARY_DIR}/generated/kith.map")
endif()

include(KithArchive)
