/* Whether programs with the wanted flags can be made and run here. */
int main(void) { return 0; }
