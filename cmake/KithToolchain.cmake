# How our own targets are compiled: the language, the warnings, ccache. Everything is set on targets, so that
# a project that takes Kith in as a subproject keeps its own flags.
include(GNUInstallDirs)

if(PROJECT_IS_TOP_LEVEL)
  find_program(KITH_CCACHE ccache)
  foreach(lang C CXX)
    if(KITH_CCACHE AND NOT CMAKE_${lang}_COMPILER_LAUNCHER)
      set(CMAKE_${lang}_COMPILER_LAUNCHER "${KITH_CCACHE}")
    endif()
  endforeach()
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
endif()

# kith_flags(target): our language level and warnings, for code that we wrote.
function(kith_flags target)
  set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  if(KITH_WERROR AND NOT MSVC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  endif()
endfunction()
