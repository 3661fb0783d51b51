# How our own targets are compiled: the language, the warnings, ccache. Everything is set on targets, so that
# a project that takes Kith in as a subproject keeps its own flags.
include(GNUInstallDirs)

if(PROJECT_IS_TOP_LEVEL)
  find_program(KITH_CCACHE ccache)
  foreach(lang C CXX)
    if(KITH_CCACHE AND NOT CMAKE_${lang}_COMPILER_LAUNCHER)
      # Paths count from the top of the tree, so that every clone and worktree shares what one has compiled.
      set(CMAKE_${lang}_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}"
          CCACHE_NOHASHDIR=1 "${KITH_CCACHE}")
    endif()
  endforeach()
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
endif()

# Under a sanitizer (see CMakePresets.json) what is meant for other people's programs is neither made nor tested.
if("${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
  set(KITH_SANITIZED ON)
else()
  set(KITH_SANITIZED OFF)
endif()

# kith_add_if_there(OPTION folder): a part of the tree that can be left out, by choice or from a package.
macro(kith_add_if_there option folder)
  if(${option} AND EXISTS "${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt")
    add_subdirectory(${folder})
  endif()
endmacro()

# kith_flags(target): our language level and warnings, for code that we wrote.
function(kith_flags target)
  set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  if(KITH_WERROR AND NOT MSVC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # Two that GCC 12 raises for the standard library's own code: the first with std::string at -O2, the second
      # with std::function under the sanitizers.
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>
        $<$<AND:$<BOOL:${KITH_SANITIZED}>,$<COMPILE_LANGUAGE:CXX>>:-Wno-maybe-uninitialized>)
    endif()
  endif()
endfunction()
