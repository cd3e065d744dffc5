# How the compiler and the linker are called, whatever is built.

# Bounds of the standard library's containers are checked in every build: a broken bound must stop, not corrupt.
add_compile_definitions(_GLIBCXX_ASSERTIONS)

# Hardening of what is shipped. Sanitizer builds have their own checks, which _FORTIFY_SOURCE would hide.
string(FIND "${CMAKE_CXX_FLAGS}" "-fsanitize" sanitized)
if(CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$" AND sanitized EQUAL -1)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON) # -fPIE for programs, -fPIC for libraries, -pie when linking
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(LINKER:-z,relro LINKER:-z,now)
endif()

# g++ collects its garbage seldom: a tenth of its time, for half a gigabyte a job.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-heapsize=524288)
endif()

# Programs as shipped take their memory from jemalloc (docs/decisions/0057); sanitizers bring their own allocator.
if(sanitized EQUAL -1)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
endif()

# A faster linker where there is one; the result does not depend on it.
option(DAYBOOK_FAST_LINKER "Link with mold or lld when installed" ON)
if(DAYBOOK_FAST_LINKER)
  find_program(MOLD_LINKER ld.mold)
  find_program(LLD_LINKER ld.lld)
  mark_as_advanced(MOLD_LINKER LLD_LINKER)
  if(MOLD_LINKER)
    add_link_options(-fuse-ld=mold)
  elseif(LLD_LINKER)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

# From nothing, files that are read a few at a time, and a header that most files of a target read compiled once, take
# half as long; ON wherever everything is built, so that each machine builds the same. OFF (preset dev): each file for
# itself, so that a change compiles one file, and ccache, where there is one, remembers it.
option(DAYBOOK_PRECOMPILE "Precompile headers and read files a few at a time" ON)
find_program(CCACHE_PROGRAM ccache)
mark_as_advanced(CCACHE_PROGRAM)
if(CCACHE_PROGRAM AND NOT DAYBOOK_PRECOMPILE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

# Only files that include the header anyway, themselves or through others, get it so: none can lack an include that
# another build would miss.
#
# billing_precompile(target header.h [FROM other]): `header` as it stands in #include; FROM a target that has precompiled
# it already and is compiled with the same flags.
function(billing_precompile target header)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "FROM" "")
  find_package(Python3 COMPONENTS Interpreter QUIET)
  if(NOT DAYBOOK_PRECOMPILE OR NOT Python3_FOUND)
    return()
  endif()
  get_target_property(files ${target} SOURCES)
  list(FILTER files INCLUDE REGEX "[.]cpp$")
  set(paths)
  foreach(file IN LISTS files)
    cmake_path(ABSOLUTE_PATH file)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    list(APPEND paths ${file})
  endforeach()
  execute_process(
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/includers.py ${PROJECT_SOURCE_DIR} ${header} ${paths}
    OUTPUT_VARIABLE includers OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" includers "${includers}")
  list(REMOVE_ITEM paths ${includers})
  list(TRANSFORM paths PREPEND ${PROJECT_SOURCE_DIR}/)
  set_source_files_properties(${paths} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  if(ARG_FROM)
    target_precompile_headers(${target} REUSE_FROM ${ARG_FROM})
  elseif(EXISTS ${PROJECT_SOURCE_DIR}/${header})
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/${header})
  else()
    target_precompile_headers(${target} PRIVATE <${header}>)
  endif()
endfunction()
