# The install rules. The tree they make can be moved: nothing in it names the place where it was made.
include(CMakePackageConfigHelpers)

# Two parts, of which `cmake --install BUILD --component NAME` takes one: runtime (the library that programs load, the
# command) and development (headers, the archive, what CMake and pkg-config read).
set(kith_runtime_files "$<TARGET_FILE:kith>")
if(TARGET kith_cli)
  list(APPEND kith_runtime_files "$<TARGET_FILE:kith_cli>")
endif()
# What is not built is said before anything is installed.
foreach(component runtime development)
  set(files "${kith_runtime_files}")
  if(component STREQUAL "development")
    set(files "$<TARGET_FILE:kith_static>")
  endif()
  install(CODE "
    foreach(file IN ITEMS ${files})
      if(NOT EXISTS \"\${file}\")
        message(FATAL_ERROR \"Nothing is installed, because \${file} is not built. Build all first: cmake --build '${PROJECT_BINARY_DIR}'; \"
          \"or install one part: --component runtime (the shared library and the command) or development.\")
      endif()
    endforeach()" COMPONENT ${component})
endforeach()

install(TARGETS kith kith_static EXPORT kithTargets
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

# find_package(kith)
set(kith_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/kith")
install(EXPORT kithTargets NAMESPACE kith:: DESTINATION "${kith_package_dir}" COMPONENT development)
configure_package_config_file(cmake/kithConfig.cmake.in "${PROJECT_BINARY_DIR}/generated/kithConfig.cmake"
                              INSTALL_DESTINATION "${kith_package_dir}"
                              NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/generated/kithConfigVersion.cmake"
                                 COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/generated/kithConfig.cmake"
              "${PROJECT_BINARY_DIR}/generated/kithConfigVersion.cmake"
        DESTINATION "${kith_package_dir}" COMPONENT development)

# pkg-config
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig"
           OUTPUT_VARIABLE kith_pc_up)
set(kith_pc_private "")
foreach(lib IN LISTS KITH_RUNTIME_LIBS)
  if(IS_ABSOLUTE "${lib}")
    string(APPEND kith_pc_private " ${lib}")
  else()
    string(APPEND kith_pc_private " -l${lib}")
  endif()
endforeach()
if(NOT KITH_SQLITE_COMPILED)
  string(APPEND kith_pc_private " -lsqlite3")
endif()
string(STRIP "${kith_pc_private} ${CMAKE_THREAD_LIBS_INIT}" kith_pc_private)
configure_file(cmake/kith.pc.in "${PROJECT_BINARY_DIR}/generated/kith.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/generated/kith.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)

# The command, its manual page and its completions
if(TARGET kith_cli)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY "${CMAKE_INSTALL_FULL_BINDIR}"
             OUTPUT_VARIABLE kith_lib_from_bin)
  set_target_properties(kith_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${kith_lib_from_bin}")
  install(TARGETS kith_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
  set(cli "${PROJECT_SOURCE_DIR}/examples/cli")
  install(FILES "${cli}/kith.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT runtime)
  install(FILES "${cli}/completions/kith.bash" RENAME kith COMPONENT runtime
          DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES "${cli}/completions/_kith" COMPONENT runtime
          DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  install(FILES "${cli}/completions/kith.fish" COMPONENT runtime
          DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endif()
