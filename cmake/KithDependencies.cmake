# The libraries the core uses. kith_dependencies holds what sources need to compile, KITH_DEPENDENCY_LIBS what
# a program or library needs to link. Both are private: no user of Kith ever sees them.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(kith_static_default ON)
else()
  set(kith_static_default OFF)
endif()
option(KITH_STATIC_DEPS "Take libidn2, libunistring and libmd from their static archives" ${kith_static_default})

if(NOT TARGET fmt::fmt-header-only)
  find_package(fmt REQUIRED)
endif()
if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json 3.10 REQUIRED)
endif()

add_library(kith_dependencies INTERFACE)
target_link_libraries(kith_dependencies INTERFACE fmt::fmt-header-only nlohmann_json::nlohmann_json)

# One library: kith_find_library(VARIABLE name header). The archive is preferred, the shared one will do.
function(kith_find_library variable name header)
  find_path(${variable}_INCLUDE ${header} REQUIRED)
  if(KITH_STATIC_DEPS)
    find_library(${variable} NAMES lib${name}.a ${name} REQUIRED)
  else()
    find_library(${variable} NAMES ${name} REQUIRED)
  endif()
  mark_as_advanced(${variable} ${variable}_INCLUDE)
  target_include_directories(kith_dependencies SYSTEM INTERFACE "${${variable}_INCLUDE}")
endfunction()

kith_find_library(KITH_IDN2 idn2 idn2.h)
kith_find_library(KITH_UNISTRING unistring unistr.h)
kith_find_library(KITH_MD md sha2.h)
set(KITH_DEPENDENCY_LIBS "${KITH_IDN2}" "${KITH_UNISTRING}" "${KITH_MD}")
if(UNIX)
  list(APPEND KITH_DEPENDENCY_LIBS m)
endif()
